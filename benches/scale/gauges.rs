//! What a process has used: CPU time of all its threads, memory, file sizes.

use std::fs;
use std::path::Path;

use rustix::time::{ClockId, clock_gettime};

/// Seconds that all threads of this process, also those that ended, have been on a CPU.
pub(crate) fn cpu() -> f64 {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    #[expect(clippy::cast_precision_loss, reason = "below 2⁵³")]
    let (whole, parts) = (used.tv_sec as f64, used.tv_nsec as f64);
    whole + parts / 1e9
}

/// Resident memory of this process now, in MB of 10⁶ bytes.
pub(crate) fn resident() -> u64 {
    status("VmRSS:")
}

/// The most resident memory that this process has had, in MB.
pub(crate) fn peak() -> u64 {
    status("VmHWM:")
}

fn status(key: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    let kibibytes: u64 = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0);
    kibibytes * 1_024 / 1_000_000
}

/// The size of a file in MB; 0 if there is none.
pub(crate) fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len()) / 1_000_000
}
