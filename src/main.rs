//! The door: runs the command line and turns its answer into an exit code.
//!
//! Invariant: nothing else in the program ends the process.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    jumin::cli::run()
}
