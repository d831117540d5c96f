//! A process with all its children, which end together.

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
    command
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
