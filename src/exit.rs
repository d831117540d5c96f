//! The exit codes, one documented enum, and how an error is told on the way out.

use crate::gate::Decision;

/// What the command ends with. Where several apply, the first of 70, 2, 1, 3, 4, 0 wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// The gate held, or there was nothing to compare with outside CI.
    Held = 0,
    /// Something that worked got worse.
    Regressed = 1,
    /// Wrong usage or configuration; nothing was asked.
    Usage = 2,
    /// Cannot decide: no baseline in CI, no answers, no verdicts, a partial or interrupted run.
    Undecided = 3,
    /// The budget or the time is used up.
    Exhausted = 4,
    /// A bug in Holdline.
    Bug = 70,
}

impl Exit {
    /// The code.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// Which one wins where several apply: the lower, the stronger.
    const fn rank(self) -> u8 {
        match self {
            Self::Bug => 0,
            Self::Usage => 1,
            Self::Regressed => 2,
            Self::Undecided => 3,
            Self::Exhausted => 4,
            Self::Held => 5,
        }
    }

    /// The one that wins of several; [`Exit::Held`] of none.
    pub fn strongest(exits: impl IntoIterator<Item = Self>) -> Self {
        exits.into_iter().min_by_key(|exit| exit.rank()).unwrap_or(Self::Held)
    }
}

impl From<Decision> for Exit {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Held | Decision::Measured => Self::Held,
            Decision::Regressed => Self::Regressed,
            Decision::Undecided => Self::Undecided,
            Decision::Exhausted => Self::Exhausted,
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// An error with its causes in one line; a cause that the text before it tells already is not
/// repeated.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let told = inner.to_string();
        if !text.contains(&told) {
            text.push_str(": ");
            text.push_str(&told);
        }
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Exit::{self, *};

    #[test]
    fn the_documented_order_decides() {
        assert_eq!(Exit::strongest([Held, Exhausted, Undecided, Regressed, Usage, Bug]), Bug);
        assert_eq!(Exit::strongest([Held, Exhausted, Undecided, Regressed, Usage]), Usage);
        assert_eq!(Exit::strongest([Held, Exhausted, Undecided, Regressed]), Regressed);
        assert_eq!(Exit::strongest([Held, Exhausted, Undecided]), Undecided);
        assert_eq!(Exit::strongest([Held, Exhausted]), Exhausted);
        assert_eq!(Exit::strongest([]), Held);
    }
}
