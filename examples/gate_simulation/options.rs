//! The arguments.

use super::bars::{FULL_DRAWS, FULL_POWER_DRAWS};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Where real repeated outputs are looked for, from the project's root.
const REPEATS: &str = "../shared/data/repeats";

#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    #[error(
        "`{0}` is not an argument; there are --draws, --power-draws, --seed, --repeats, --markdown and --csv"
    )]
    Unknown(String),
    #[error("`{0}` needs a value")]
    Value(String),
    #[error("`{0}` needs a whole number from 1 on, not `{1}`")]
    Number(String, String),
}

/// What is asked for.
pub struct Options {
    pub draws: u64,
    pub power_draws: u64,
    pub seed: u64,
    pub repeats: PathBuf,
    pub markdown: Option<PathBuf>,
    pub csv: Option<PathBuf>,
}

impl Options {
    /// Reads the arguments.
    pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, OptionsError> {
        let mut options = Self {
            draws: FULL_DRAWS,
            power_draws: FULL_POWER_DRAWS,
            seed: 1,
            repeats: Path::new(env!("CARGO_MANIFEST_DIR")).join(REPEATS),
            markdown: None,
            csv: None,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| OptionsError::Value(word.clone()));
            match word.as_str() {
                "--draws" => options.draws = number(&word, &value()?)?,
                "--power-draws" => options.power_draws = number(&word, &value()?)?,
                "--seed" => options.seed = number(&word, &value()?)?,
                "--repeats" => options.repeats = value()?.into(),
                "--markdown" => options.markdown = Some(value()?.into()),
                "--csv" => options.csv = Some(value()?.into()),
                _ => return Err(OptionsError::Unknown(word)),
            }
        }
        Ok(options)
    }

    /// The command that gives the same numbers.
    pub fn command(&self) -> String {
        let mut command = String::from("cargo run --release --example gate_simulation --");
        let (draws, power, seed) = (self.draws, self.power_draws, self.seed);
        let _ = write!(command, " --draws {draws} --power-draws {power} --seed {seed}");
        command
    }
}

fn number(name: &str, text: &str) -> Result<u64, OptionsError> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| OptionsError::Number(name.to_owned(), text.to_owned()))
}
