//! `holdline synth prompts`: what generators tell models, printed, or copied into the project to be changed.

use crate::baseline::in_ci;
use crate::cli::{CliError, CliResult, Place};
use crate::exit::Exit;
use crate::report::escape::{terminal, terminal_line};
use crate::synth::generator::find;
use crate::synth::generators::ALL;
use crate::synth::prompt::PromptFile;
use std::fmt::Write as _; // to strings, which cannot fail
use std::io::Write as _;

/// Arguments of `holdline synth prompts`.
#[derive(Debug, clap::Args)]
pub struct PromptsArgs {
    /// The generator; without one all are listed, with whose prompt is used.
    name: Option<String>,
    /// Write a copy into the project, which is used from then on. One that is there is left as it is.
    #[arg(long, requires = "name")]
    write: bool,
    /// Print the prompt of Holdline, also where the project has its own.
    #[arg(long, requires = "name", conflicts_with = "write")]
    shipped: bool,
}

/// Prints or writes.
pub fn run(place: &Place, args: &PromptsArgs) -> CliResult {
    let suites = place.project()?.suites;
    let Some(name) = &args.name else {
        let mut text = String::new();
        for generator in ALL {
            let prompt = PromptFile::own(&place.root, &suites, generator)?;
            let file = prompt.as_ref().map_or("of Holdline", |prompt| prompt.file.as_str());
            let prompt = match &prompt {
                Some(own) => own.clone(),
                None => PromptFile::shipped(generator)?,
            };
            let (version, hash) = (generator.version, &prompt.hash);
            let _ = writeln!(text, "{:<22}{version:<4}{hash}  {}", generator.name, terminal_line(file));
        }
        place.print(&text)?;
        return Ok(Exit::Held);
    };
    let generator = find(name).map_err(|error| CliError::Usage(error.to_string()))?;
    if !args.write {
        let own = if args.shipped { None } else { PromptFile::own(&place.root, &suites, generator)? };
        let prompt = match own {
            Some(own) => own,
            None => PromptFile::shipped(generator)?,
        };
        place.print(&terminal(&prompt.text))?;
        return Ok(Exit::Held);
    }
    if in_ci(|name| std::env::var(name).ok()) {
        let why = "CI writes nothing below the folder of the suites: run this on your machine, and commit it";
        return Err(CliError::Usage(why.to_owned()));
    }
    let path = PromptFile::path(&suites, generator.name);
    let file = place.root.join(&path);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = match std::fs::File::create_new(&file) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(CliError::Usage(format!(
                "{path} is there already and is left as it is; see Holdline's with `holdline synth prompts {} --shipped`",
                generator.name
            )));
        }
        Err(error) => return Err(CliError::Usage(format!("{path} cannot be written: {error}"))),
    };
    file.write_all(generator.prompt.as_bytes())?;
    place.print(&format!(
        "Wrote {path}: `{}` uses it from now on. Change it, and commit it.\n",
        generator.name
    ))?;
    Ok(Exit::Held)
}
