//! `holdline judge`: judges that are models, looked at and measured.

mod attack;
mod check;
mod freeze;
mod label;
mod labelling;
mod show;

use super::{CliResult, Place};
use clap::Subcommand;

/// What to do with a judge.
#[derive(Debug, Subcommand)]
pub enum Judge {
    /// Print the very messages that a judge is sent about a labelled answer or a case of the newest run. Asks nothing.
    Show(show::ShowArgs),
    /// Label answers of the newest run for a judge, one after the other.
    Label(label::LabelArgs),
    /// Ask a judge about the answers that people labelled, and say how far it agrees and whether it may gate.
    Check(check::CheckArgs),
    /// Freeze labelled answers with what a judge says of them, to see later whether it is still the same.
    Freeze(freeze::FreezeArgs),
    /// Try to talk a judge into passing wrong answers. No attempt may succeed.
    Attack(attack::AttackArgs),
}

/// Does it.
pub fn run(place: &Place, what: &Judge) -> CliResult {
    match what {
        Judge::Show(args) => show::run(place, args),
        Judge::Label(args) => label::run(place, args),
        Judge::Check(args) => check::run(place, args),
        Judge::Freeze(args) => freeze::run(place, args),
        Judge::Attack(args) => attack::run(place, args),
    }
}
