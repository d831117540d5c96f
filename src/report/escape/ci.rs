//! Text for the logs of CI services, which read commands out of what is printed.

use std::borrow::Cow;

/// Breaks what GitHub Actions, Azure Pipelines and `TeamCity` would read as a command: `::name::` at
/// the start of a line, and `##[`, `##vso[` and `##teamcity[` anywhere. For a whole output that is
/// already safe for a terminal, colours included.
pub fn ci_log(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive(['\n', '\r']) {
        let inner = line.trim_start();
        let mut rest = line;
        if inner.starts_with("::") {
            out.push_str(&line[..line.len() - inner.len()]);
            out.push_str(": ");
            rest = &inner[1..];
        }
        while let Some(at) = rest.find("##") {
            let name_end = rest[at + 2..].find(|c: char| !c.is_ascii_alphabetic());
            let is_command = name_end.is_some_and(|end| rest[at + 2 + end..].starts_with('['));
            out.push_str(&rest[..=at]);
            if is_command {
                out.push(' ');
            }
            rest = &rest[at + 1..];
        }
        out.push_str(rest);
    }
    out
}

/// Whether what is printed ends in the log of a CI service, which reads commands out of it.
pub fn is_ci_log(lookup: impl Fn(&str) -> Option<String>) -> bool {
    let names = ["GITHUB_ACTIONS", "GITEA_ACTIONS", "FORGEJO_ACTIONS", "TEAMCITY_VERSION"];
    crate::baseline::in_ci(&lookup)
        || names.iter().any(|name| lookup(name).is_some_and(|value| !value.is_empty() && value != "false"))
}

/// The text as it may be printed: as it is for people, through [`ci_log`] for the log of a CI service.
pub fn for_log(text: &str, is_ci_log: bool) -> Cow<'_, str> {
    if is_ci_log { Cow::Owned(ci_log(text)) } else { Cow::Borrowed(text) }
}

/// The message of a workflow command: `%` and line breaks written out.
pub fn annotation(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command (`file=`, `title=`), where `:` and `,` mean something too.
pub fn annotation_property(text: &str) -> String {
    annotation(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_workflow_command_at_the_start_of_a_line_is_broken() {
        assert_eq!(ci_log("ok\n  ::set-output::x\nin a ::line::"), "ok\n  : :set-output::x\nin a ::line::");
        assert_eq!(ci_log("a\r::error::b"), "a\r: :error::b");
    }

    #[test]
    fn an_azure_command_is_broken_anywhere() {
        assert_eq!(
            ci_log("x ##[error]y ###[group] ##vso[task.complete] ## heading"),
            "x # #[error]y ## #[group] # #vso[task.complete] ## heading"
        );
    }

    #[test]
    fn an_annotation_holds_one_line_and_no_codes_of_its_own() {
        assert_eq!(annotation("50%\r\nmore"), "50%25%0D%0Amore");
        assert_eq!(annotation_property("a:b,c%"), "a%3Ab%2Cc%25");
    }

    proptest! {
        #[test]
        fn no_command_is_left(text in "[:#\\[a \n\r]{0,40}") {
            let safe = ci_log(&text);
            prop_assert!(!safe.contains("##["));
            prop_assert!(safe.split(['\n', '\r']).all(|line| !line.trim_start().starts_with("::")));
        }
    }
}
