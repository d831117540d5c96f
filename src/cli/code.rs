//! `holdline code`: failures sorted into categories that people define.

mod assign;
mod change;
mod desk;
mod list;
mod propose;
mod review;

pub(super) use desk::outside_ci;

use super::{CliResult, Place};
use clap::Subcommand;

/// What to do with the categories of failures.
#[derive(Debug, Subcommand)]
pub enum Code {
    /// Print the categories, and how many failures belong to each.
    List(list::ListArgs),
    /// Print what is to be read: failures without a category, and those sorted under an older definition.
    Pending(list::ListArgs),
    /// Add a category to `taxonomy.toml`.
    Add(change::AddArgs),
    /// Sort a case, or a group of failures that say the same, into a category.
    Assign(assign::AssignArgs),
    /// Take an assignment back.
    Unassign(assign::UnassignArgs),
    /// Make one category of several: what was assigned to them follows.
    Merge(change::MergeArgs),
    /// Make several categories of one: what was assigned to it is to be read again.
    Split(change::SplitArgs),
    /// Ask a model which category each failure that is to be read may belong to. It decides nothing.
    Propose(propose::ProposeArgs),
    /// Go through what is to be read, one failure after the other.
    Review(review::ReviewArgs),
}

/// Does it.
pub fn run(place: &Place, what: &Code) -> CliResult {
    match what {
        Code::List(args) => list::list(place, args),
        Code::Pending(args) => list::pending(place, args),
        Code::Add(args) => change::add(place, args),
        Code::Assign(args) => assign::assign(place, args),
        Code::Unassign(args) => assign::unassign(place, args),
        Code::Merge(args) => change::merge(place, args),
        Code::Split(args) => change::split(place, args),
        Code::Propose(args) => propose::run(place, args),
        Code::Review(args) => review::run(place, args),
    }
}
