//! Warnings before anything is asked, and why asking ended, in words.

use crate::report::escape::terminal_line;
use crate::synth::knobs::Values;
use crate::synth::outcome::{End, Outcome};
use crate::synth::plan::Warning;

/// Values of knobs, in a line.
pub(super) fn values(values: &Values) -> String {
    let each = values.iter().map(|(name, value)| format!("{name}={}", terminal_line(value)));
    each.collect::<Vec<_>>().join(", ")
}

/// What should have been said first. `known` are knobs that fit most scenarios, with their values.
pub fn warning(warning: &Warning, known: &[(&str, Vec<&str>)]) -> String {
    match warning {
        Warning::NoKnobs { generator, scenarios, count } => {
            let of = match scenarios.as_slice() {
                [only] => format!("scenario `{only}`"),
                several => format!("{} scenarios", several.len()),
            };
            let known: Vec<String> = known
                .iter()
                .map(|(name, values)| format!("    --knob {name}={}", values.join(",")))
                .collect();
            format!(
                "warning: nothing says how {count} of `{generator}` for {of} are to differ, so they come out much \
                 alike. Name who asks, and what for:\n    --knob \"persona=new customer,angry customer\" --knob \
                 \"intent=…,…\"\nThese fit most scenarios:\n{}",
                known.join("\n")
            )
        }
        Warning::NothingToWorkOn { generator, scenario, lacks } => {
            format!("note: `{generator}` leaves out `{scenario}`, which has no {lacks}")
        }
        Warning::More { generator, scenario, said, wanted } => format!(
            "note: {wanted} of `{generator}` for `{scenario}` in place of {said}, so that the combinations of knobs \
             are covered as `--coverage` says"
        ),
    }
}

/// Why asking ended.
pub(super) fn end(outcome: &Outcome) -> String {
    let missing = outcome.wanted.saturating_sub(outcome.yields.all.delivered);
    let rounds = match outcome.rounds.len() {
        1 => "after one round".to_owned(),
        rounds => format!("after {rounds} rounds"),
    };
    match &outcome.end {
        End::Reached => format!("Ended {rounds}: all that was wanted is there."),
        End::Rounds => format!(
            "Ended {rounds}, with {missing} missing: `--rounds {}` asks again for what is missing.",
            outcome.rounds.len() + 2
        ),
        End::StoppedRising => {
            format!("Ended {rounds}, with {missing} missing: further rounds brought no more.")
        }
        End::Budget { why } | End::Untold { why } | End::Broken { why } => {
            format!("Ended {rounds}, with {missing} missing: {}.", terminal_line(why))
        }
        End::Time => format!("Ended {rounds}, with {missing} missing: the time is used up (`max_time`)."),
        End::Stopped => format!("Stopped {rounds}, with {missing} missing."),
    }
}
