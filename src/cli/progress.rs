//! Progress on standard error: a bar on a terminal, a line a suite elsewhere.

use crate::judge::Outcome;
use crate::report::number::count;
use crate::run::Events;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;

/// Shows how far the run is.
pub struct Progress {
    terminal: bool,
    now: Mutex<Now>,
}

#[derive(Default)]
struct Now {
    bar: Option<ProgressBar>,
    answers: usize,
    failing: usize,
}

impl Progress {
    /// Progress for standard error as it is.
    pub fn new() -> Self {
        Self { terminal: std::io::stderr().is_terminal(), now: Mutex::default() }
    }

    fn now(&self) -> std::sync::MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Progress {
    /// Counts from the beginning: on a terminal in a bar, elsewhere after a line that says of what.
    fn begin(&self, message: String, answers: usize, there: usize, line: impl FnOnce() -> String) {
        let mut now = self.now();
        if let Some(bar) = now.bar.take() {
            bar.finish_and_clear();
        }
        *now = Now { bar: None, answers, failing: 0 };
        if self.terminal {
            let bar = bar("{msg} [{bar:30}] {pos}/{len} {elapsed}", answers as u64);
            bar.set_message(message);
            bar.set_position(there as u64);
            now.bar = Some(bar);
        } else {
            eprintln!("{}", line());
        }
    }
}

pub(super) fn bar(template: &str, length: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}

impl Events for Progress {
    fn starting(&self, suite: &str) {
        if self.terminal {
            let bar = bar("{spinner} {msg} {elapsed}", 0);
            bar.set_message(format!("{suite}: starting the application"));
            bar.enable_steady_tick(std::time::Duration::from_millis(120));
            self.now().bar = Some(bar);
        } else {
            eprintln!("{suite}: starting the application");
        }
    }

    fn asking(&self, suite: &str, cases: usize, answers: usize, resumed: usize) {
        let before = if resumed > 0 { format!(", {resumed} of them before") } else { String::new() };
        let times = if answers == cases { String::new() } else { format!(" for {answers} answers") };
        self.begin(suite.to_owned(), answers, resumed, || {
            format!("{suite}: asking {}{times}{before}", count(cases, "case", "cases"))
        });
    }

    fn rejudging(&self, suite: &str, answers: usize) {
        self.begin(suite.to_owned(), answers, 0, || {
            format!("{suite}: judging {answers} stored answers anew")
        });
    }

    fn confirming(&self, suite: &str, cases: usize, answers: usize) {
        self.begin(format!("{suite}, once more"), answers, 0, || {
            let cases = count(cases, "case", "cases");
            format!("{suite}: asking {cases} again for {answers} answers, to be sure of what broke")
        });
    }

    fn done(&self, suite: &str, outcome: Outcome) {
        let mut now = self.now();
        if matches!(outcome, Outcome::Fail | Outcome::TargetError) {
            now.failing += 1;
        }
        if let Some(bar) = &now.bar {
            if now.failing > 0 {
                bar.set_message(format!("{suite} ({} failing)", now.failing));
            }
            bar.inc(1);
        }
    }

    fn finished(&self, suite: &str) {
        let mut now = self.now();
        if let Some(bar) = now.bar.take() {
            bar.finish_and_clear();
        }
        if !self.terminal {
            eprintln!("{suite}: done, {} of {} failing", now.failing, now.answers);
        }
    }
}
