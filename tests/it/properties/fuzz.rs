//! Laws of every reader on all that the fuzzer starts from and on all that it ever found (`tests/fuzz/`).

use std::fs;

use crate::support::root;

#[path = "../../fuzz/laws.rs"]
mod laws;

#[test]
fn laws_of_the_readers_hold_for_every_seed_and_every_cut_of_it() {
    for target in &laws::TARGETS {
        let seeds = (target.seeds)();
        assert!(seeds.len() >= 4, "{}", target.name);
        for seed in seeds {
            for length in (0..seed.len()).step_by(1 + seed.len() / 12).chain([seed.len()]) {
                (target.check)(&seed[..length]);
            }
        }
    }
}

#[test]
fn laws_of_the_readers_hold_for_every_finding() {
    // Git keeps no empty folders: none of them is there before there is a finding.
    for folder in fs::read_dir(root().join("tests/fuzz/findings")).into_iter().flatten() {
        let folder = folder.unwrap().path();
        let target = laws::TARGETS.iter().find(|target| folder.ends_with(target.name)).expect("a folder is a target");
        for finding in fs::read_dir(&folder).unwrap() {
            let finding = finding.unwrap().path();
            (target.check)(&fs::read(&finding).unwrap());
        }
    }
}
