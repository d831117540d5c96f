//! The generators, for the terminal: what each makes, what it promises, and its options.

use crate::expand::Promise;
use crate::synth::generator::{Generator, Makes, OptionTakes, WorksOn};
use crate::synth::generators::{ALL, queries::KNOBS};
use std::fmt::Write as _; // to strings, which cannot fail

/// The page.
pub fn page() -> String {
    let mut page = String::new();
    for generator in ALL {
        one(&mut page, generator);
    }
    page += "Knobs that fit most scenarios, with their values:\n";
    for (name, values) in KNOBS {
        let values: Vec<&str> = values.iter().map(|(value, _)| *value).collect();
        let _ = writeln!(page, "  --knob {name}={}", values.join(","));
    }
    page += "\nOptions are given as `--option NAME=VALUE`, several words with commas between them. A prompt is printed \
             by `holdline synth prompts NAME`.\n";
    page
}

fn one(page: &mut String, generator: &Generator) {
    let makes = match generator.makes {
        Makes::Cases => "cases",
        Makes::Answers => "answers, for judges and for training",
        Makes::Turns => "what a user says, by `holdline synth talk`",
    };
    let of = match generator.works_on {
        WorksOn::Scenario => "a scenario",
        WorksOn::Seed => "a seed",
        WorksOn::Documents => "documents, by `--docs`",
        WorksOn::Conversation => "a conversation",
    };
    let promise = match generator.promise {
        Promise::Same => "what its seed expects holds",
        Promise::Changed => "what its seed expects changes as is stated",
        Promise::Own => "what its scenario expects holds, or what it states itself",
    };
    let _ = writeln!(page, "{} {}\n  {}", generator.name, generator.version, generator.what);
    let _ = writeln!(page, "  makes {makes}; works on {of}; {promise}");
    for option in generator.options {
        let takes = match option.takes {
            OptionTakes::Text { required: true } => "a text; must be given".to_owned(),
            OptionTakes::Text { required: false } => "a text".to_owned(),
            OptionTakes::Words(words) => format!("any of {}", listed(words)),
            OptionTakes::Word(words) => format!("one of {}", listed(words)),
        };
        let _ = writeln!(page, "  {}: {} ({takes})", option.name, option.what.trim_end_matches('.'));
    }
    page.push('\n');
}

fn listed(words: &[(&str, &str)]) -> String {
    words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_generator_is_listed_with_its_options() {
        insta::assert_snapshot!("generators", super::page());
    }
}
