//! What stands between markers of a text: an XML element, a section under a Markdown heading, a fenced block, a
//! labelled paragraph. Nothing is guessed: a marker that is missing, not closed or there twice is told.

/// Where the part of a text stands that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Marker {
    /// In an element of this name: `<answer>…</answer>`. Elements of the same name within it belong to it.
    Xml(String),
    /// Under a Markdown heading that says this, up to the next heading of its level or above.
    Heading(String),
    /// In a fenced block of Markdown, with this word after the opening fence where one is given.
    Fence(Option<String>),
    /// After a label at the beginning of a line, `Answer:` or `**Answer:**`, up to the next empty line.
    Label(String),
}

/// Why nothing could be taken out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExtractError {
    /// The text has no such marker.
    #[error("there is no {0}")]
    Missing(String),
    /// It has several.
    #[error("there are {count} of {marker}, and which of them is meant cannot be told")]
    Several {
        /// The marker.
        marker: String,
        /// How many.
        count: usize,
    },
    /// It begins and does not end.
    #[error("{0} is not closed")]
    Open(String),
    /// There is nothing in it.
    #[error("{0} is empty")]
    Empty(String),
}

impl std::fmt::Display for Marker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Xml(tag) => write!(f, "element <{tag}>"),
            Self::Heading(text) => write!(f, "heading `{text}`"),
            Self::Fence(None) => f.write_str("fenced block"),
            Self::Fence(Some(word)) => write!(f, "fenced block of `{word}`"),
            Self::Label(text) => write!(f, "label `{text}:`"),
        }
    }
}

/// The part of a text that a marker names, white space at both ends taken off. Of an XML element the five
/// entities that XML has are resolved, and a CDATA section is unwrapped.
pub fn extract(text: &str, marker: &Marker) -> Result<String, ExtractError> {
    let found = match marker {
        Marker::Xml(tag) => elements(text, tag).ok_or_else(|| ExtractError::Open(marker.to_string()))?,
        Marker::Heading(heading) => sections(text, heading),
        Marker::Fence(word) => {
            fences(text, word.as_deref()).ok_or_else(|| ExtractError::Open(marker.to_string()))?
        }
        Marker::Label(label) => labelled(text, label),
    };
    match found.as_slice() {
        [] => Err(ExtractError::Missing(marker.to_string())),
        [one] if one.trim().is_empty() => Err(ExtractError::Empty(marker.to_string())),
        [one] => Ok(one.trim().to_owned()),
        several => Err(ExtractError::Several { marker: marker.to_string(), count: several.len() }),
    }
}

/// The contents of the outermost elements of a name; `None` where one is not closed.
fn elements(text: &str, tag: &str) -> Option<Vec<String>> {
    let (mut found, mut depth, mut begin) = (Vec::new(), 0_usize, 0);
    let mut at = 0;
    while let Some(open) = text[at..].find('<').map(|found| at + found) {
        let rest = &text[open + 1..];
        let (is_end, name) = rest.strip_prefix('/').map_or((false, rest), |rest| (true, rest));
        at = open + 1;
        let Some(after) = name.strip_prefix(tag) else { continue };
        // `<answers>` is another element than `<answer>`.
        if !after.starts_with(|c: char| c == '>' || c == '/' || c.is_whitespace()) {
            continue;
        }
        let Some(close) = after.find('>') else { continue };
        let end = text.len() - after.len() + close + 1;
        at = end;
        if is_end {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                found.push(unescaped(&text[begin..open]));
            }
        } else if after[..close].ends_with('/') {
            if depth == 0 {
                found.push(String::new());
            }
        } else {
            if depth == 0 {
                begin = end;
            }
            depth += 1;
        }
    }
    (depth == 0).then_some(found)
}

fn unescaped(text: &str) -> String {
    let trimmed = text.trim();
    if let Some(raw) = trimmed.strip_prefix("<![CDATA[").and_then(|rest| rest.strip_suffix("]]>")) {
        return raw.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = [("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&apos;", '\''), ("&amp;", '&')];
        if let Some((entity, c)) = known.into_iter().find(|(entity, _)| rest.starts_with(entity)) {
            out.push(c);
            rest = &rest[entity.len()..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out + rest
}

/// The lines of a text, each with whether it stands in a fenced block (the fences too).
fn lines(text: &str) -> Vec<(&str, bool)> {
    let mut fence: Option<(char, usize)> = None;
    text.lines()
        .map(|line| {
            let mark = fence_of(line);
            match (fence, mark) {
                (None, Some((c, count, _))) => {
                    fence = Some((c, count));
                    (line, true)
                }
                (Some((c, least)), Some((same, count, ""))) if c == same && count >= least => {
                    fence = None;
                    (line, true)
                }
                (inside, _) => (line, inside.is_some()),
            }
        })
        .collect()
}

/// A line that is a fence: its character, how many of them, and what stands after them.
fn fence_of(line: &str) -> Option<(char, usize, &str)> {
    let trimmed = line.trim_start();
    let c = trimmed.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let rest = trimmed.trim_start_matches(c);
    let count = trimmed.len() - rest.len();
    (count >= 3 && !(c == '`' && rest.contains('`'))).then_some((c, count, rest.trim()))
}

/// The level and the words of a heading.
fn heading(line: &str) -> Option<(usize, &str)> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    let is_heading = (1..=6).contains(&level) && rest.starts_with([' ', '\t']);
    is_heading.then(|| (level, rest.trim().trim_end_matches('#').trim()))
}

fn same_words(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        let text = text.trim().trim_matches(['*', '_', '`', ':']).trim().to_lowercase();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    plain(one) == plain(other)
}

fn sections(text: &str, wanted: &str) -> Vec<String> {
    let lines = lines(text);
    let heading_at =
        |at: usize| lines.get(at).filter(|(_, fenced)| !fenced).and_then(|(line, _)| heading(line));
    let mut found = Vec::new();
    for at in 0..lines.len() {
        let Some((level, _)) = heading_at(at).filter(|(_, words)| same_words(words, wanted)) else {
            continue;
        };
        let end = (at + 1..lines.len())
            .find(|next| heading_at(*next).is_some_and(|(other, _)| other <= level))
            .unwrap_or(lines.len());
        let inside: Vec<&str> = lines[at + 1..end].iter().map(|(line, _)| *line).collect();
        found.push(inside.join("\n"));
    }
    found
}

/// The contents of fenced blocks; `None` where one is not closed.
fn fences(text: &str, wanted: Option<&str>) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut open: Option<(char, usize, bool, Vec<&str>)> = None;
    for line in text.lines() {
        let mark = fence_of(line);
        match (&mut open, mark) {
            (None, Some((c, count, info))) => {
                let word = info.split_whitespace().next().unwrap_or_default();
                let is_wanted = wanted.is_none_or(|wanted| word.eq_ignore_ascii_case(wanted));
                open = Some((c, count, is_wanted, Vec::new()));
            }
            (Some((c, least, is_wanted, inside)), Some((same, count, "")))
                if *c == same && count >= *least =>
            {
                if *is_wanted {
                    found.push(inside.join("\n"));
                }
                open = None;
            }
            (Some((_, _, _, inside)), _) => inside.push(line),
            (None, None) => {}
        }
    }
    open.is_none().then_some(found)
}

fn labelled(text: &str, wanted: &str) -> Vec<String> {
    let lines = lines(text);
    let mut found = Vec::new();
    for (at, (line, fenced)) in lines.iter().enumerate() {
        let Some((label, rest)) = line.split_once(':').filter(|_| !fenced) else { continue };
        if !same_words(label.trim_start_matches(['-', '#', ' ']), wanted) {
            continue;
        }
        let mut inside = vec![rest.trim_start_matches(['*', '_']).trim()];
        // A label alone on its line may have an empty line after it.
        let skip = usize::from(
            inside[0].is_empty() && lines.get(at + 1).is_some_and(|(next, _)| next.trim().is_empty()),
        );
        inside.extend(
            lines[at + 1 + skip..].iter().map(|(line, _)| *line).take_while(|line| !line.trim().is_empty()),
        );
        found.push(inside.join("\n"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn got(text: &str, marker: &Marker) -> Result<String, String> {
        extract(text, marker).map_err(|error| error.to_string())
    }

    #[test]
    fn an_element_is_taken_out_whole() {
        let xml = |text: &str| got(text, &Marker::Xml("answer".into()));
        assert_eq!(
            xml("So:\n<answer>\n 5 &lt; 6 &amp;&amp; a &unknown; b\n</answer> end").unwrap(),
            "5 < 6 && a &unknown; b"
        );
        assert_eq!(
            xml("<answer lang=\"en\">a <answer>b</answer> c</answer>").unwrap(),
            "a <answer>b</answer> c"
        );
        assert_eq!(xml("<answers>no</answers><answer><![CDATA[x < y]]></answer>").unwrap(), "x < y");
        assert_eq!(xml("no element").unwrap_err(), "there is no element <answer>");
        assert_eq!(
            xml("<answer>1</answer><answer>2</answer>").unwrap_err(),
            "there are 2 of element <answer>, and which of them is meant cannot be told"
        );
        assert_eq!(xml("<answer>1").unwrap_err(), "element <answer> is not closed");
        assert_eq!(xml("1</answer>").unwrap_err(), "element <answer> is not closed");
        assert_eq!(xml("<answer/>").unwrap_err(), "element <answer> is empty");
    }

    const PAGE: &str =
        "# Report\n\nIntro.\n\n## Answer ##\n\nNo.\n\n### Why\n\n```sh\n# Answer\n```\n\n## Next\n\nGo on.\n";

    #[test]
    fn a_section_goes_to_the_next_heading_of_its_level() {
        let under = |heading: &str| got(PAGE, &Marker::Heading(heading.into()));
        assert_eq!(under("answer").unwrap(), "No.\n\n### Why\n\n```sh\n# Answer\n```");
        assert_eq!(under("next:").unwrap(), "Go on.");
        assert_eq!(under("else").unwrap_err(), "there is no heading `else`");
        assert_eq!(got("# A\n# B\nx", &Marker::Heading("a".into())).unwrap_err(), "heading `a` is empty");
    }

    #[test]
    fn a_fenced_block_ends_with_a_fence_of_its_own_kind() {
        let fence = |text: &str, word: Option<&str>| got(text, &Marker::Fence(word.map(str::to_owned)));
        assert_eq!(fence("a\n````md\n```\nx\n```\n````\n", None).unwrap(), "```\nx\n```");
        assert_eq!(fence("```json\n{}\n```\n~~~SQL x\nselect\n~~~", Some("sql")).unwrap(), "select");
        assert_eq!(fence("```\nx", None).unwrap_err(), "fenced block is not closed");
        assert_eq!(fence("`x` and ```y```", None).unwrap_err(), "there is no fenced block");
    }

    #[test]
    fn a_label_names_its_paragraph() {
        let label = |text: &str| got(text, &Marker::Label("Answer".into()));
        assert_eq!(label("Reason: x\n**Answer:** forty\ntwo\n\nmore").unwrap(), "forty\ntwo");
        assert_eq!(label("answer:\n\nforty two\n\nmore").unwrap(), "forty two");
        assert_eq!(label("- Answer: a: b").unwrap(), "a: b");
        assert_eq!(label("The answer: no").unwrap_err(), "there is no label `Answer:`");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[<>/`~#:& a-c\n]{0,60}") {
            for marker in [Marker::Xml("a".into()), Marker::Heading("a".into()), Marker::Fence(None), Marker::Label("a".into())] {
                let _ = extract(&text, &marker);
            }
        }

        #[test]
        fn what_was_put_into_an_element_comes_out(text in "[a-z<>&\"' ]{0,30}[a-z]") {
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            prop_assert_eq!(got(&format!("x<a>{escaped}</a>"), &Marker::Xml("a".into())), Ok(text.trim().to_owned()));
        }
    }
}
