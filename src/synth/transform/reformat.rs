//! The same words in another form: without Markdown, on one line, as a list, as numbered steps.

use unicode_segmentation::UnicodeSegmentation;

/// A form of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Without the marks of Markdown.
    Plain,
    /// On one line.
    OneLine,
    /// A list with a dash before each sentence, or each entry of a list.
    Bullets,
    /// A list with a number before each.
    Numbered,
    /// Sentences one after the other, no list.
    Prose,
}

impl Form {
    /// All of them, with their names.
    pub const ALL: [(&'static str, Self); 5] = [
        ("plain", Self::Plain),
        ("one_line", Self::OneLine),
        ("bullets", Self::Bullets),
        ("numbered", Self::Numbered),
        ("prose", Self::Prose),
    ];
}

/// A text in a form. No word is lost and none is added but the numbers of a list.
pub fn reformat(text: &str, form: Form) -> String {
    match form {
        Form::Plain => plain(text),
        Form::OneLine => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Form::Bullets => parts(text).iter().map(|part| format!("- {part}")).collect::<Vec<_>>().join("\n"),
        Form::Numbered => numbered(&parts(text)),
        Form::Prose => {
            let sentence = |part: &String| {
                let ends = part.ends_with(['.', '!', '?', ':', ';', '…', ',']);
                if ends { part.clone() } else { format!("{part}.") }
            };
            parts(text).iter().map(sentence).collect::<Vec<_>>().join(" ")
        }
    }
}

/// Parts with a number before each.
pub(super) fn numbered(parts: &[String]) -> String {
    let line = |(at, part): (usize, &String)| format!("{}. {part}", at + 1);
    parts.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// The parts of a text: the entries of its lists, and the sentences of everything else.
pub(super) fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut paragraph = String::new();
    let flush = |paragraph: &mut String, parts: &mut Vec<String>| {
        parts.extend(sentences(paragraph));
        paragraph.clear();
    };
    for line in text.lines() {
        if let Some(entry) = entry(line) {
            flush(&mut paragraph, &mut parts);
            parts.push(entry.split_whitespace().collect::<Vec<_>>().join(" "));
        } else if line.trim().is_empty() {
            flush(&mut paragraph, &mut parts);
        } else {
            paragraph.push_str(line.trim());
            paragraph.push(' ');
        }
    }
    flush(&mut paragraph, &mut parts);
    parts.retain(|part| !part.is_empty());
    parts
}

/// The words of an entry of a list.
fn entry(line: &str) -> Option<&str> {
    let line = line.trim_start();
    if let Some(rest) = ["- ", "* ", "+ ", "• "].iter().find_map(|mark| line.strip_prefix(mark)) {
        return Some(rest);
    }
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - rest.len();
    (1..=3).contains(&digits).then(|| rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") "))).flatten()
}

/// Words with a full stop behind which no sentence ends.
const SHORT: [&str; 16] = [
    "mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "no.", "e.g.", "i.e.", "etc.", "approx.", "vs.", "fig.",
    "dept.", "inc.", "ltd.",
];

/// The sentences of a paragraph, as Unicode bounds them, with those put together again that a short word broke.
pub(super) fn sentences(paragraph: &str) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    for piece in paragraph.split_sentence_bounds() {
        let piece = piece.split_whitespace().collect::<Vec<_>>().join(" ");
        if piece.is_empty() {
            continue;
        }
        let goes_on = sentences.last().is_some_and(|last| {
            let word = last.rsplit(' ').next().unwrap_or_default().to_lowercase();
            SHORT.contains(&word.trim_start_matches(['(', '"']))
        });
        match sentences.last_mut() {
            Some(last) if goes_on => *last = format!("{last} {piece}"),
            _ => sentences.push(piece),
        }
    }
    sentences
}

/// A text without the marks of Markdown. What stands in code is kept as it is, without its fence; a link keeps
/// its words and its address.
fn plain(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if fenced {
            out.push(line.to_owned());
            continue;
        }
        let rest = line.trim_start_matches('#');
        let is_heading = rest.len() < line.len() && line.len() - rest.len() <= 6 && rest.starts_with(' ');
        let line = if is_heading { rest.trim() } else { line };
        let line = line.strip_prefix("> ").unwrap_or(line);
        out.push(inline(line));
    }
    let joined = out.join("\n");
    joined.trim_matches('\n').to_owned()
}

/// A line without marks of emphasis and code, and with its links as `words (address)`.
fn inline(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        if let Some((shown, length)) = link(rest) {
            out.push_str(&shown);
            rest = &rest[length..];
            continue;
        }
        let mark = ["**", "__", "~~", "*", "_", "`"].into_iter().find(|mark| rest.starts_with(mark));
        if let Some(mark) = mark
            && let Some(length) = closed(rest, mark, out.chars().next_back())
        {
            let inside = &rest[mark.len()..length - mark.len()];
            if mark == "`" {
                out.push_str(inside);
            } else {
                out.push_str(&inline(inside));
            }
            rest = &rest[length..];
            continue;
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// The length of a span that begins with a mark and ends with the same one; none where it is no emphasis: the
/// mark stands alone, within a word, or beside a space.
fn closed(text: &str, mark: &str, before: Option<char>) -> Option<usize> {
    let inside = &text[mark.len()..];
    if mark.starts_with('_') && before.is_some_and(char::is_alphanumeric) {
        return None;
    }
    let end = inside.find(mark)?;
    let body = &inside[..end];
    let after = inside[end + mark.len()..].chars().next();
    let tight = !body.is_empty() && (mark == "`" || !body.starts_with(' ') && !body.ends_with(' '));
    let within = mark.starts_with('_') && after.is_some_and(char::is_alphanumeric);
    (tight && !within).then_some(mark.len() * 2 + end)
}

/// A link or an image at the beginning of a text, as it is shown, and its length.
fn link(text: &str) -> Option<(String, usize)> {
    let skipped = usize::from(text.starts_with("!["));
    let rest = text[skipped..].strip_prefix('[')?;
    let (words, rest) = rest.split_once("](")?;
    let (address, _) = rest.split_once(')')?;
    let plain = !words.contains(['[', ']', '\n']) && !address.contains(char::is_whitespace);
    let length = skipped + 1 + words.len() + 2 + address.len() + 1;
    plain.then(|| {
        (if words.is_empty() { address.to_owned() } else { format!("{} ({address})", inline(words)) }, length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markdown_becomes_plain_text() {
        let text = "# My **order**\n\nSee [the page](https://example.com/a_b) and `do_it(*x)`:\n\n- *one*\n- snake_case_name 2 * 3 * 4\n\n```\n# kept *as is*\n```\n";
        assert_eq!(
            reformat(text, Form::Plain),
            "My order\n\nSee the page (https://example.com/a_b) and do_it(*x):\n\n- one\n- snake_case_name 2 * 3 * 4\n\n# kept *as is*"
        );
    }

    #[test]
    fn sentences_and_entries_become_a_list_and_come_back() {
        let text = "Ask Dr. Lee first. Then, e.g. by mail, tell\nme!\n\n1. book a room\n2. call Bo";
        let list = "- Ask Dr. Lee first.\n- Then, e.g. by mail, tell me!\n- book a room\n- call Bo";
        assert_eq!(reformat(text, Form::Bullets), list);
        assert_eq!(
            reformat(list, Form::Numbered),
            "1. Ask Dr. Lee first.\n2. Then, e.g. by mail, tell me!\n3. book a room\n4. call Bo"
        );
        assert_eq!(
            reformat(list, Form::Prose),
            "Ask Dr. Lee first. Then, e.g. by mail, tell me! book a room. call Bo."
        );
        assert_eq!(
            reformat(text, Form::OneLine),
            "Ask Dr. Lee first. Then, e.g. by mail, tell me! 1. book a room 2. call Bo"
        );
        assert_eq!(reformat("", Form::Numbered), "");
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in "[a-zA-Z.!?\n ]{0,80}", form in prop::sample::select(Form::ALL.to_vec())) {
            let words = |text: &str| -> Vec<String> {
                text.unicode_words().filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit())).map(str::to_owned).collect()
            };
            let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
            let done = reformat(&text, form.1);
            prop_assert_eq!(letters(&done), letters(&text), "{:?} {:?}", words(&done), words(&text));
        }

        #[test]
        fn doing_it_twice_changes_nothing(text in "[a-z.*_` #\n-]{0,60}") {
            for form in [Form::OneLine, Form::Bullets, Form::Numbered] {
                let once = reformat(&text, form);
                if form != Form::OneLine && parts(&text).iter().any(|part| entry(part).is_some()) {
                    continue; // An entry whose words are an entry again.
                }
                prop_assert_eq!(reformat(&once, form), once);
            }
        }
    }
}
