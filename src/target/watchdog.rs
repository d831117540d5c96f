//! Ends an application when we are killed and cannot do it ourselves.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// Waits until nobody holds the other end of its input, then asks a process group to end, and kills it 5
/// seconds later.
const SCRIPT: &str =
    r#"read -r gone; kill -TERM "-$1" 2>/dev/null || exit; sleep 5; kill -KILL "-$1" 2>/dev/null"#;

/// A shell that outlives us and ends a process group once we are gone, however that comes. Dropped, it ends
/// without doing anything.
#[derive(Debug)]
pub(super) struct Watchdog(Child);

impl Watchdog {
    /// Watches over a process group, by its number. `None` where there is no shell: then nobody does.
    pub(super) fn over(group: u32) -> Option<Self> {
        let child = Command::new("sh")
            .args(["-c", SCRIPT, "sh", &group.to_string()])
            // What the terminal sends to us is not for it.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        child.ok().map(Self)
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        // It is gone before its input ends. One that ended by itself needs no signal.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
