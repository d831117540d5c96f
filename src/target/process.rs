//! A process with all its children, which end together.

use crate::suite::Params;
use process_wrap::tokio::{ChildWrapper, CommandWrap};
use std::path::Path;
use std::process::ExitStatus;
use std::time::Duration;
use tokio::process::{ChildStderr, ChildStdin, ChildStdout, Command};

/// How long dropping waits for a killed process to be gone.
const REAP: Duration = Duration::from_millis(200);

/// A process and its children: a process group, or a job object on Windows. Dropping kills them all.
///
/// On Unix only a child that leaves its group on purpose (`setsid`) gets away.
#[derive(Debug)]
pub(super) struct Group {
    child: Box<dyn ChildWrapper>,
    over: bool,
}

/// A command that runs in `root`. A program named with a path is found from there.
pub(super) fn command(words: &[String], root: &Path) -> Command {
    let (program, arguments) =
        words.split_first().map_or(("", words), |(first, rest)| (first.as_str(), rest));
    let has_path = Path::new(program).components().count() > 1;
    let mut command = if has_path { Command::new(root.join(program)) } else { Command::new(program) };
    command.args(arguments).current_dir(root);
    if Path::new(program).file_stem().is_some_and(|stem| stem == "cargo") {
        for name in std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()) {
            if is_of_a_package(&name) {
                command.env_remove(name);
            }
        }
    }
    command
}

/// Tells a program the parameters by their names. Defaults give way to what is set outside.
pub(super) fn tell(command: &mut Command, params: &Params) {
    command.envs(params.environment(|name| std::env::var_os(name).is_some()));
}

/// Whether cargo sets this variable for what it runs, to tell of the package. A cargo that is started
/// by such a program sets it anew; inherited, it makes build scripts that look at it run again, and
/// everything above them is compiled anew with every change between `cargo run` and `cargo test`.
fn is_of_a_package(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|start| name.starts_with(start))
        || matches!(name, "CARGO_CRATE_NAME" | "CARGO_PRIMARY_PACKAGE" | "CARGO_TARGET_TMPDIR")
}

impl Group {
    /// Starts a command as the first of its group.
    pub(super) fn spawn(command: Command) -> std::io::Result<Self> {
        let mut wrapped = CommandWrap::from(command);
        #[cfg(unix)]
        wrapped.wrap(process_wrap::tokio::ProcessGroup::leader());
        #[cfg(windows)]
        wrapped.wrap(process_wrap::tokio::KillOnDrop).wrap(process_wrap::tokio::JobObject);
        Ok(Self { child: wrapped.spawn()?, over: false })
    }

    /// The number of the first process, and of the group; `None` once it was collected.
    #[cfg(unix)]
    pub(super) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// The pipes to the first process, where the command asked for them; to be taken once.
    pub(super) fn pipes(&mut self) -> (Option<ChildStdin>, Option<ChildStdout>, Option<ChildStderr>) {
        (self.child.stdin().take(), self.child.stdout().take(), self.child.stderr().take())
    }

    /// Waits for the first process to end, whatever becomes of its children. Cancel safe.
    pub(super) async fn wait(&mut self) -> std::io::Result<ExitStatus> {
        self.child.inner_mut().wait().await
    }

    /// How the first process ended, if it has. An error means that it cannot be told any more.
    pub(super) fn ended(&mut self) -> std::io::Result<Option<ExitStatus>> {
        self.child.inner_mut().try_wait()
    }

    /// Asks all of them to end. On Windows there is no way to ask, and they are ended.
    pub(super) fn terminate(&mut self) {
        #[cfg(unix)]
        // A group that is gone needs no signal.
        let _ = self.child.signal(tokio::signal::unix::SignalKind::terminate().as_raw_value());
        #[cfg(windows)]
        self.kill();
    }

    /// Whether any of them is left; on Windows none is, once they were asked to end.
    pub(super) fn is_alive(&self) -> bool {
        // A change of the window's size means nothing to a process that does not ask for it, and the
        // attempt to tell them fails when none is left.
        #[cfg(unix)]
        return self.child.signal(tokio::signal::unix::SignalKind::window_change().as_raw_value()).is_ok();
        #[cfg(windows)]
        return false;
    }

    /// Kills all of them that are left.
    pub(super) fn kill(&mut self) {
        // A group that is gone cannot be killed.
        let _ = self.child.start_kill();
    }

    /// Kills what is left after the first process has ended. The group's number may be given to
    /// others from then on, so it is not used again.
    pub(super) fn sweep(&mut self) {
        if !self.over {
            self.kill();
            self.over = true;
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if self.over {
            return;
        }
        self.kill();
        let started = std::time::Instant::now();
        while matches!(self.ended(), Ok(None)) && started.elapsed() < REAP {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn removed(program: &str) -> bool {
        // `cargo test` sets the variable for this very test.
        assert!(std::env::var_os("CARGO_PKG_NAME").is_some());
        let command = command(&[program.to_owned(), "run".to_owned()], Path::new("."));
        command.as_std().get_envs().any(|(name, value)| name == "CARGO_PKG_NAME" && value.is_none())
    }

    #[test]
    fn a_cargo_is_not_told_of_the_package_that_the_tests_belong_to() {
        assert!(removed("cargo"));
        assert!(removed("/usr/bin/cargo"));
        assert!(!removed("my-app"), "an app of the user's may look at it");
    }

    #[test]
    fn only_what_tells_of_the_package_is_kept_from_it() {
        for name in ["CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_BUILD_JOBS", "CARGO_TERM_COLOR", "PATH"] {
            assert!(!is_of_a_package(name), "{name}");
        }
    }
}
