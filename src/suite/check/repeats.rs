//! Checks of `repeats`: numbers that can be, and that go together.

use super::Checker;
use crate::suite::document::Node;
use crate::suite::repeats::{MOST, of_scenario, rounds};
use crate::suite::schema::{ScenarioSpec, Stop};

impl Checker<'_> {
    /// `[run] repeats`, and how the numbers of all scenarios go together.
    pub(super) fn run_repeats(&mut self, run: &Node) {
        self.repeats_in_bounds(self.spec.run.repeats, run);
        let spec = self.spec;
        let numbers: Vec<u32> =
            spec.scenario.iter().map(|scenario| of_scenario(&spec.run, scenario, None)).collect();
        if numbers.iter().any(|number| !(1..=MOST).contains(number)) {
            // Told where it stands.
            return;
        }
        if spec.run.stop == Stop::Early && numbers.iter().any(|number| *number != 1) {
            let what =
                "`stop = \"early\"` is for suites whose cases are asked once, and here some are repeated";
            let bad = self.at_key("misplaced-key", what, run.field("stop"));
            self.out.push(bad.help(
                "leave out `repeats` and `must_pass = \"majority\"`, or `stop`: asking ends after whole families or \
                 whole rounds, not both",
            ));
            return;
        }
        let Some(last) = numbers.iter().enumerate().find_map(|(at, _)| {
            let so_far = rounds(numbers[..=at].iter().copied());
            so_far.is_none_or(|rounds| rounds > MOST).then_some(at)
        }) else {
            return;
        };
        let mut different = numbers[..=last].to_vec();
        different.sort_unstable();
        different.dedup();
        let listed: Vec<String> = different.iter().map(u32::to_string).collect();
        let what = format!(
            "scenarios asked {} times cannot be measured together: it takes more than {MOST} rounds until all of \
             them are through",
            listed.join(", ")
        );
        let node = self.root.field("scenario").item(last);
        let place = if spec.scenario[last].repeats.is_some() { node.field("repeats") } else { node };
        let bad = self.at_key("out-of-range", what, place);
        self.out.push(bad.help(
            "choose numbers that divide each other, such as 2, 4 and 8 or 5 and 10: the rounds of a suite are their \
             least common multiple",
        ));
    }

    /// `repeats` of a scenario.
    pub(super) fn scenario_repeats(&mut self, scenario: &ScenarioSpec, node: &Node) {
        let Some(repeats) = scenario.repeats else { return };
        self.repeats_in_bounds(repeats, node);
        let least = scenario.must_pass.least_repeats();
        if (1..least).contains(&repeats) {
            let what = format!("`repeats = {repeats}` is fewer than `must_pass = \"majority\"` takes");
            let few = self.at("out-of-range", what, node.field("repeats"));
            self.out.push(
                few.help(format!("write {least} or more, or leave it out: then it is {least} at least")),
            );
        }
    }

    fn repeats_in_bounds(&mut self, repeats: u32, node: &Node) {
        match repeats {
            0 => {
                let nothing = self.at("out-of-range", "`repeats` cannot be 0", node.field("repeats"));
                self.out.push(nothing.help(format!("write a number from 1 to {MOST}, or leave it out")));
            }
            1..=MOST => {}
            many => {
                let what = format!("`repeats` cannot be {many}");
                let bad = self.at("out-of-range", what, node.field("repeats"));
                self.out.push(bad.help(format!("write a number from 1 to {MOST}")));
            }
        }
    }
}
