//! The simulator of AWS: what was put into its world is what it says, in AWS's protocols and at AWS's pace.

use rollcall_simulator::{Faults, Simulator, World};

use crate::support::simulated::{collect_from, said, truth};

#[test]
fn what_is_collected_from_the_careful_world_is_that_world() {
    let simulator = Simulator::start(World::careful(), Faults::none());
    let folder = tempfile::tempdir().unwrap();
    let snapshot = collect_from(&simulator, folder.path());
    assert_eq!(snapshot.gaps, []);
    simulator.world(|world| assert_eq!(said(&snapshot), truth(world)));
}
