//! The command line.
//!
//! Invariant: exit codes 0 done, 1 wrong input, 2 data or disk.

/// Runs it.
pub fn run() -> std::process::ExitCode {
    todo!()
}
