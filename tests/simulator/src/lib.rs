//! The services of AWS that Rollcall reads, on a free port of 127.0.0.1, in AWS's own protocols.
//!
//! What other stand-ins lack is here: page sizes as AWS has them, the limit of twenty requests a second, the guided
//! walk by provisioned accounts, applications, entitlements, the root user's row of the credential report, a hundred
//! thousand users, and every way to fail ([`Trouble`]) on demand and the same each time.
//!
//! ```no_run
//! use rollcall_simulator::{Fault, Faults, Simulator, Trouble, World};
//!
//! let mut world = World::careful();
//! let dora = world.add_user("dora");
//! let denied = Fault::of(Trouble::Denied).on("identitystore:ListGroupMemberships").about(&dora);
//! let simulator = Simulator::start(world, Faults::none().rate(20.0, 20).with(denied));
//! println!("AWS_ENDPOINT_URL={}", simulator.url());
//! println!("{:?}", simulator.ledger().of("identitystore:ListUsers"));
//! ```

mod answer;
mod bucket;
mod call;
mod fault;
mod http;
mod ledger;
mod pages;
mod program;
mod server;
mod services;
mod state;
mod wire;

pub mod world;

pub use fault::{Fault, Faults, Trouble};
pub use ledger::{Counts, Ledger};
pub use program::run;
pub use server::Simulator;
pub use world::World;
