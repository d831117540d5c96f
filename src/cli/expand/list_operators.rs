//! `--operators`: what there is to expand with.

use super::DONE;
use crate::cli::{CliResult, Place};
use crate::expand::operator::{Choice, Family, Promise, Takes};
use crate::expand::operators;
use std::fmt::Write as _; // to strings, which cannot fail

/// Prints the operators, family by family.
pub(super) fn print(place: &Place) -> CliResult {
    let mut out = String::new();
    for family in Family::ALL {
        let _ = writeln!(out, "{}", family.name());
        for operator in operators::of_family(family) {
            let promise = match operator.promise {
                Promise::Same => "same",
                Promise::Changed => "changed",
                Promise::Own => "own",
            };
            let stated = if operator.needs_statement { ", needs `label` or `expect`" } else { "" };
            let _ = writeln!(
                out,
                "  {:<22} {} ({promise}{stated}; version {})",
                operator.name, operator.what, operator.version
            );
            for choice in operator.options {
                let _ = writeln!(out, "  {:<22}   {} = {}: {}", "", choice.name, takes(choice), choice.what);
            }
        }
    }
    place.print(&out)?;
    DONE
}

fn takes(choice: &Choice) -> String {
    let kind = match choice.takes {
        Takes::Text => "text".to_owned(),
        Takes::Texts => "texts".to_owned(),
        Takes::OneOf(words) => words.join("|"),
        Takes::AnyOf(words) => format!("some of {}", words.join("|")),
        Takes::Count(least, most) => format!("{least} to {most}"),
        Takes::Flag => "true|false".to_owned(),
        Takes::Expect => "an expectation".to_owned(),
    };
    if choice.required { format!("{kind} (required)") } else { kind }
}
