//! The fuzzer: runs the target that `FUZZ_TARGET` names, beginning with its seeds in the folder `FUZZ_SEEDS`.
#![no_main]

mod laws;

use std::path::Path;
use std::sync::OnceLock;
use std::{env, fs};

static CHECK: OnceLock<fn(&[u8])> = OnceLock::new();

fn begin() {
    let name = env::var("FUZZ_TARGET").expect("FUZZ_TARGET names a target");
    let target = laws::TARGETS.iter().find(|target| target.name == name).expect("FUZZ_TARGET is a target");
    CHECK.get_or_init(|| target.check);
    let Ok(folder) = env::var("FUZZ_SEEDS") else { return };
    for (number, seed) in (target.seeds)().iter().enumerate() {
        fs::write(Path::new(&folder).join(format!("seed-{number:03}")), seed).expect("the folder takes seeds");
    }
}

libfuzzer_sys::fuzz_target!(init: begin(), |data: &[u8]| {
    CHECK.get().expect("it began")(data);
});
