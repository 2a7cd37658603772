//! Laws that hold for every input.

pub mod fuzz;
pub mod laws;
