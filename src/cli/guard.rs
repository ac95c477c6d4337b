//! What keeps this process's memory and files to itself.
//!
//! Invariant: from the first line on, a crash leaves no image of the memory on the disk, no other
//! program of the same user may read it, and no new file is readable for others.

/// Guards this process. A system that has no such thing, or forbids it, changes nothing else.
#[cfg(unix)]
pub(crate) fn up() {
    use rustix::fs::Mode;
    use rustix::process;
    let none = process::Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    process::setrlimit(process::Resource::Core, none).unwrap_or_default();
    #[cfg(target_os = "linux")]
    process::set_dumpable_behavior(process::DumpableBehavior::NotDumpable).unwrap_or_default();
    process::umask(Mode::RWXG | Mode::RWXO);
}

/// Guards this process: here the folders of the user are the user's alone already.
#[cfg(not(unix))]
pub(crate) fn up() {}
