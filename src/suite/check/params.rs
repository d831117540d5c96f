//! Checks of `[params]`: names that a template and an environment can hold.

use super::Checker;
use crate::suite::diagnostic::quote;
use crate::suite::params::{is_name, is_taken};

impl Checker<'_> {
    pub(super) fn params(&mut self) {
        let list = self.root.field("params");
        for (name, value) in &self.spec.params {
            let field = list.field(name);
            if !is_name(name) {
                let bad = self.at_key("bad-name", format!("{} cannot name a parameter", quote(name)), field);
                self.out.push(
                    bad.help("a name has letters, digits and `_`, and begins with no digit: `APP_VERSION`"),
                );
            } else if is_taken(name) {
                let what = format!("a parameter {} would overwrite what Holdline itself sets", quote(name));
                let taken = self.at_key("bad-name", what, field);
                self.out.push(taken.help(
                    "parameters reach the application as environment variables: take a name other than `PORT` \
                     and `HOLDLINE_…`",
                ));
            }
            if value.to_value().as_str().is_some_and(|text| text.contains('\0')) {
                let bad = self.at("bad-text", "this text holds a NUL, which no environment can", field);
                self.out.push(bad.help("leave it out"));
            }
        }
    }
}
