//! A second opinion: random companies, and a simulated quarter, judged independently.

pub mod applications;
pub mod cases;
pub mod quarter;
pub mod quarter_company;
pub mod second_opinion;
pub mod words;
