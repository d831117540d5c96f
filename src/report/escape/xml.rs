//! Text for XML 1.0, which has no way at all to hold some characters.

use super::visible::{terminal, terminal_line};

/// The text without what XML 1.0 forbids (most control characters, U+FFFE and U+FFFF; a Rust string
/// holds no surrogates). They are written out rather than dropped, so that two names that differ
/// stay different. Markup is not escaped: the writer of the XML does that.
pub fn xml(text: &str) -> String {
    terminal(text)
}

/// The same on one line, for attributes.
pub fn xml_line(text: &str) -> String {
    terminal_line(text)
}

/// The text for the inside of a CDATA section: `]]>`, which would end it, is split over two.
pub fn xml_cdata(text: &str) -> String {
    let safe = xml(text);
    if safe.contains("]]>") { safe.replace("]]>", "]]]]><![CDATA[>") } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Char of XML 1.0, production 2.
    fn allowed(c: char) -> bool {
        matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
    }

    #[test]
    fn what_xml_forbids_is_written_out() {
        assert_eq!(xml("a\0b\u{fffe}\u{ffff}"), "a\\u{0}b\\u{fffe}\\u{ffff}");
    }

    #[test]
    fn the_end_of_a_cdata_section_is_split() {
        assert_eq!(xml_cdata("x]]>y"), "x]]]]><![CDATA[>y");
    }

    #[test]
    fn an_end_of_cdata_cannot_be_hidden_behind_a_control_character() {
        assert_eq!(xml_cdata("]\r\n]\0]>"), "]\n]\\u{0}]>");
    }

    proptest! {
        #[test]
        fn only_allowed_characters_are_left(text in any::<String>()) {
            prop_assert!(xml(&text).chars().all(allowed));
        }

        #[test]
        fn every_cdata_section_closes_where_it_should(text in "[\\]>a<!\\[CDATA\u{0}]{0,30}") {
            // Read as a parser does: a section ends at the first `]]>`.
            let whole = format!("<![CDATA[{}]]>", xml_cdata(&text));
            let mut rest = whole.as_str();
            let mut read = String::new();
            while let Some(inner) = rest.strip_prefix("<![CDATA[") {
                let (section, after) = inner.split_once("]]>").expect("closed");
                read.push_str(section);
                rest = after;
            }
            prop_assert_eq!(rest, "");
            prop_assert_eq!(read, xml(&text));
        }
    }
}
