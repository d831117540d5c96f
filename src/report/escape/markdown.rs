//! Text for Markdown as GitHub and GitLab read it: no markup, no HTML, no link, image, mention or
//! reference may come out of it.

use super::visible::{terminal, terminal_line};

/// Outside text within a line or a table's cell: code, so that mentions, references and emoji names
/// in it are not looked for, with everything that is markup written as entities.
pub fn markdown_inline(text: &str) -> String {
    if text.trim().is_empty() {
        return "*(empty)*".to_owned();
    }
    format!("<code>{}</code>", entities(&terminal_line(text), ""))
}

/// Words of the project's own (names, reasons) within a line or a table's cell: shown as they are,
/// without markup. Mentions and references are broken by a space of no width.
pub fn markdown_text(text: &str) -> String {
    entities(&terminal_line(text), "&#8203;")
}

/// Outside text as a block of its own, with a fence longer than any in it. Begins and ends at the
/// start of a line.
pub fn markdown_block(text: &str) -> String {
    let safe = terminal(text);
    let longest = safe.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let end = if safe.is_empty() || safe.ends_with('\n') { "" } else { "\n" };
    format!("{fence}text\n{safe}{end}{fence}\n")
}

/// Writes as entities what could be markup; an entity never is. `after` follows what could be a
/// mention or a reference. A colon before a space and an underscore within a word are no markup.
fn entities(text: &str, after: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let next = rest[c.len_utf8()..].chars().next().unwrap_or(' ');
        let within_word = before.is_ascii_alphanumeric() && next.is_ascii_alphanumeric();
        // The only link that needs no punctuation of its own in front.
        let www = rest.get(..4).is_some_and(|four| four.eq_ignore_ascii_case("www."));
        match c {
            '@' | '#' => {
                out.push_str(&entity(c));
                out.push_str(after);
            }
            _ if www => {
                out.push_str(&rest[..3]);
                out.push_str("&#46;");
                rest = &rest[4..];
                before = '.';
                continue;
            }
            ':' if next == ' ' => out.push(c),
            '_' if within_word => out.push(c),
            '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '\\' | '~' | '!' | ':' | '$' | '{'
            | '}' => {
                out.push_str(&entity(c));
            }
            _ => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
        before = c;
    }
    out
}

fn entity(c: char) -> String {
    format!("&#{};", u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn links_images_and_html_become_entities() {
        assert_eq!(
            markdown_inline("![x](https://e.example/p.png)<img src=x>"),
            "<code>&#33;&#91;x&#93;(https&#58;//e.example/p.png)&#60;img src=x&#62;</code>"
        );
    }

    #[test]
    fn a_mention_and_a_reference_in_plain_words_are_broken() {
        assert_eq!(markdown_text("asks @team about #12"), "asks &#64;&#8203;team about &#35;&#8203;12");
    }

    #[test]
    fn a_pipe_does_not_end_a_cell_and_a_line_break_no_row() {
        assert_eq!(markdown_text("a|b\nc"), "a&#124;b&#92;nc");
    }

    #[test]
    fn an_address_without_a_scheme_is_no_link() {
        assert_eq!(markdown_text("see WWW.example.com"), "see WWW&#46;example.com");
    }

    #[test]
    fn what_is_no_markup_stays_readable() {
        assert_eq!(markdown_text("held: pass_rate at 10:30"), "held: pass_rate at 10&#58;30");
        assert_eq!(markdown_text("_a_ __b__"), "&#95;a&#95; &#95;&#95;b&#95;&#95;");
    }

    #[test]
    fn nothing_is_shown_as_nothing() {
        assert_eq!(markdown_inline(" "), "*(empty)*");
    }

    #[test]
    fn a_fence_is_longer_than_any_in_the_text() {
        assert_eq!(markdown_block("a\n````\nb"), "`````text\na\n````\nb\n`````\n");
        assert_eq!(markdown_block(""), "```text\n```\n");
    }

    proptest! {
        #[test]
        fn no_markup_is_left_within_a_line(text in any::<String>()) {
            let safe = markdown_text(&text);
            prop_assert!(!safe.contains(['`', '*', '[', ']', '<', '>', '|', '\\', '@', '!', '\n']));
            let bare = regex::Regex::new(":[^ ]|(^|[^a-zA-Z0-9])_|_([^a-zA-Z0-9]|$)").expect("a regex");
            prop_assert!(!bare.is_match(&safe), "{}", safe);
            // What `&` and `#` are left are those of entities.
            let without = regex::Regex::new("&#[0-9]+;").expect("a regex").replace_all(&safe, "").into_owned();
            prop_assert!(!without.contains(['&', '#']));
        }

        #[test]
        fn no_line_of_a_block_closes_its_fence(text in "[`a\n ~]{0,40}") {
            let block = markdown_block(&text);
            let fence = block.lines().next().expect("a fence").trim_end_matches("text").to_owned();
            let lines: Vec<_> = block.lines().collect();
            let closing = lines.iter().skip(1).position(|line| line.trim().starts_with(&fence)).expect("closed");
            prop_assert_eq!(closing + 2, lines.len());
        }
    }
}
