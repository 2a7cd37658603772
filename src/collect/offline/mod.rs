//! AWS's side without a network: saved AWS CLI output, and the script that saves it.

pub mod print_commands;
pub mod saved_folder;
