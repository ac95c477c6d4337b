//! What a file may cost, measured in a process of its own: time on the processor, not on the wall, for
//! the machine may be busy; and memory, which a process has alone.

use std::process::Command;
use std::time::Duration;

/// The most memory that reading a file may take, with all that the tests themselves hold.
pub(crate) const MOST_MEMORY: u64 = 512 << 20;
/// The longest that reading a damaged file may take.
pub(crate) const LONGEST: Duration = Duration::from_secs(1);

/// Runs a test that is otherwise ignored in a process of its own; what it printed.
pub(crate) fn alone(test: &str) -> String {
    let me = std::env::current_exe().unwrap();
    let out = Command::new(me)
        .args([test, "--exact", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{said}{complaint}");
    assert!(said.contains("1 passed"), "no such test: {said}");
    said
}

/// How long this thread has been on a processor; nothing where the system does not tell.
pub(crate) fn spent() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|text| text.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

/// The most memory in bytes that this process has held; nothing where the system does not tell.
pub(crate) fn peak() -> u64 {
    let told = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) << 10
}

#[test]
#[cfg(target_os = "linux")]
fn time_and_memory_are_seen() {
    let (before, held) = (spent(), peak());
    let mut block = vec![1_u8; 32 << 20];
    while spent() - before < Duration::from_millis(20) {
        block
            .iter_mut()
            .for_each(|byte| *byte = byte.wrapping_mul(3));
    }
    assert!(peak() >= held.max(32 << 20), "{held} {}", peak());
    assert!(block.iter().all(|byte| byte % 2 == 1));
}
