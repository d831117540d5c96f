//! What a generator is: it asks a model for drafts of one kind, and makes them of the reply.

use super::ask::JsonForm;
use super::draft::{Brief, Draft};
use super::generators;
use super::material::material;
use super::prompt::{PromptError, PromptFile, Values};
use super::shape::{Item, Shape};
use crate::expand::Promise;
use crate::model::fence::{NO_CODE, fenced};
use crate::model::{Message, Role};
use crate::suite::diagnostic::{quote, quote_all};
use crate::suite::nearest::nearest;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most that one request may ask for.
pub const MOST_COUNT: usize = 100;

/// A generator: one file under `generators/` with a prompt file under `prompts/`, registered by name.
#[derive(Debug)]
pub struct Generator {
    /// Its name: lower case with `_`.
    pub name: &'static str,
    /// Raised with every change of its prompt, of its reply's shape or of what is made of it.
    pub version: u32,
    /// What it does, in a line.
    pub what: &'static str,
    /// Its prompt file.
    pub prompt: &'static str,
    /// What its drafts are.
    pub makes: Makes,
    /// What its drafts promise.
    pub promise: Promise,
    /// What a request of it is about.
    pub works_on: WorksOn,
    /// Its options.
    pub options: &'static [GeneratorOption],
    /// What a reply must look like.
    pub(super) shape: fn(&Brief, &Given) -> Shape,
    /// Makes drafts of one object of a reply, or says what is wrong with it.
    pub(super) drafts: fn(&Brief, &Item) -> Result<Vec<Draft>, String>,
}

/// What drafts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Makes {
    /// Cases: something to ask the application.
    Cases,
    /// Answers to something, each with whether it is a right one: for judges to be tried on and for training. They
    /// are no cases; see [`super::answer`].
    Answers,
    /// What a user says next in a conversation.
    Turns,
}

/// What one request of a generator is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorksOn {
    /// A scenario; its seeds are examples.
    Scenario,
    /// One seed of a scenario, under `about`.
    Seed,
    /// Passages of documents.
    Documents,
    /// A conversation so far.
    Conversation,
}

/// An option of a generator.
#[derive(Debug)]
pub struct GeneratorOption {
    /// Its key.
    pub name: &'static str,
    /// What it says, in a line.
    pub what: &'static str,
    /// What it takes.
    pub takes: OptionTakes,
}

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionTakes {
    /// A text, up to 500 characters.
    Text {
        /// Whether it must be given.
        required: bool,
    },
    /// One or several of these words, each with its meaning; all of them where it is not given.
    Words(&'static [(&'static str, &'static str)]),
    /// One of these words, each with its meaning; the first where it is not given.
    Word(&'static [(&'static str, &'static str)]),
}

/// Most characters of a text given as an option.
const MOST_OPTION: usize = 500;

/// The options of a request, with what holds where nothing was given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given {
    /// Texts, by the option's name; only those given.
    pub texts: BTreeMap<&'static str, String>,
    /// Words with their meanings, by the option's name.
    pub words: BTreeMap<&'static str, Vec<(&'static str, &'static str)>>,
}

impl Given {
    /// The words of an option, for the shape of a reply.
    pub(super) fn names(&self, option: &str) -> Vec<String> {
        let words = self.words.get(option).map_or(&[][..], Vec::as_slice);
        words.iter().map(|(word, _)| (*word).to_owned()).collect()
    }
}

/// Why a generator cannot work on a brief.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BriefError {
    /// No option of this name.
    #[error("generator `{generator}` has no option {}; {mend}", quote(.option))]
    UnknownOption {
        /// The generator.
        generator: &'static str,
        /// The option.
        option: String,
        /// What to write in its place.
        mend: String,
    },
    /// A word that the option does not take.
    #[error("option `{option}` of generator `{generator}` cannot be {}; {mend}", quote(.word))]
    UnknownWord {
        /// The generator.
        generator: &'static str,
        /// The option.
        option: &'static str,
        /// The word.
        word: String,
        /// What to write in its place.
        mend: String,
    },
    /// A text that says nothing, or too much.
    #[error(
        "option `{option}` of generator `{generator}` has {characters} characters; write 1 to {MOST_OPTION}"
    )]
    Length {
        /// The generator.
        generator: &'static str,
        /// The option.
        option: &'static str,
        /// Its characters.
        characters: usize,
    },
    /// An option that must be given.
    #[error("generator `{generator}` needs the option `{option}`: {what}")]
    Missing {
        /// The generator.
        generator: &'static str,
        /// The option.
        option: &'static str,
        /// What it says.
        what: &'static str,
    },
    /// The brief has not what the generator works on.
    #[error("generator `{generator}` needs {what}")]
    Without {
        /// The generator.
        generator: &'static str,
        /// What is missing, with the mend.
        what: &'static str,
    },
    /// A number of drafts that cannot be asked for at once.
    #[error("generator `{generator}` cannot be asked for {count} at once; ask for 1 to {MOST_COUNT}")]
    Count {
        /// The generator.
        generator: &'static str,
        /// The number.
        count: usize,
    },
}

impl Generator {
    /// The messages of a request. Their fence has [`NO_CODE`], so that the same brief gives the same bytes: what a
    /// kept reply is found by. They are sent as [`crate::model::fence::coded`] gives them.
    pub fn messages(
        &'static self,
        brief: &Brief,
        own: Option<&PromptFile>,
    ) -> Result<Vec<Message>, PromptError> {
        let given = self.given(brief)?;
        let shape = (self.shape)(brief, &given);
        let (data, fields) = material(brief);
        let values = Values { brief, given: &given, schema: &shape.schema(), fields: &fields };
        let system = match own {
            Some(own) => own.render(&values)?,
            None => PromptFile::shipped(self)?.render(&values)?,
        };
        let user = format!(
            "{}\n\nDo the task. Reply with the JSON object alone.",
            fenced("MATERIAL", &data, NO_CODE)
        );
        Ok(vec![Message { role: Role::System, content: system }, Message { role: Role::User, content: user }])
    }

    /// What a reply must look like; its check is [`Generator::read`].
    pub fn form(&'static self, brief: &Brief) -> Result<JsonForm, BriefError> {
        let schema = (self.shape)(brief, &self.given(brief)?).schema();
        let brief = brief.clone();
        let check = move |reply: &Value| self.read(&brief, reply).map(drop);
        Ok(JsonForm { name: self.name.to_owned(), schema, check: Arc::new(check) })
    }

    /// The drafts of a reply, in its order; nothing is left out, also where two are the same. Otherwise what is
    /// wrong, in words for the model.
    pub fn read(&self, brief: &Brief, reply: &Value) -> Result<Vec<Draft>, String> {
        let given = self.given(brief).map_err(|error| error.to_string())?;
        let items = (self.shape)(brief, &given).read(reply)?;
        let mut drafts = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let of_item = (self.drafts)(brief, item).map_err(|wrong| format!("`items[{at}]`: {wrong}"))?;
            drafts.extend(of_item);
        }
        Ok(drafts)
    }

    /// The options of a brief, with what holds where nothing was given, or why the generator cannot work on it.
    pub fn given(&self, brief: &Brief) -> Result<Given, BriefError> {
        let generator = self.name;
        let without = |what| Err(BriefError::Without { generator, what });
        match self.works_on {
            WorksOn::Seed if brief.about.is_none() => {
                return without("a seed to work on: the scenario has none, write some under `inputs`");
            }
            WorksOn::Documents if brief.documents.is_empty() => {
                return without("documents: name some with `--docs`, such as `--docs 'docs/**/*.md'`");
            }
            _ => {}
        }
        if !(1..=MOST_COUNT).contains(&brief.count) {
            return Err(BriefError::Count { generator, count: brief.count });
        }
        if let Some(option) = brief.options.keys().find(|name| self.option(name).is_none()) {
            let known = || self.options.iter().map(|option| option.name);
            let mend = match nearest(option, known()) {
                Some(near) => format!("did you mean {}?", quote(near)),
                None if self.options.is_empty() => "it has none".to_owned(),
                None => format!("it has {}", quote_all(known())),
            };
            return Err(BriefError::UnknownOption { generator, option: option.clone(), mend });
        }
        let mut given = Given::default();
        for option in self.options {
            let said = brief.options.get(option.name);
            match option.takes {
                OptionTakes::Text { required } => match said {
                    Some(text) => {
                        let characters = text.trim().chars().count();
                        if !(1..=MOST_OPTION).contains(&characters) {
                            return Err(BriefError::Length { generator, option: option.name, characters });
                        }
                        given.texts.insert(option.name, text.trim().to_owned());
                    }
                    None if required => {
                        return Err(BriefError::Missing {
                            generator,
                            option: option.name,
                            what: option.what,
                        });
                    }
                    None => {}
                },
                OptionTakes::Words(known) => {
                    let words = match said {
                        Some(said) => self.words(option, known, said)?,
                        None => known.to_vec(),
                    };
                    given.words.insert(option.name, words);
                }
                OptionTakes::Word(known) => {
                    let words = match said {
                        Some(said) => self.words(option, known, said)?,
                        None => known[..known.len().min(1)].to_vec(),
                    };
                    if let [_, second, ..] = words[..] {
                        return Err(BriefError::UnknownWord {
                            generator,
                            option: option.name,
                            word: second.0.to_owned(),
                            mend: "it takes one word".to_owned(),
                        });
                    }
                    given.words.insert(option.name, words);
                }
            }
        }
        Ok(given)
    }

    /// The words said, in the order of those known.
    fn words(
        &self,
        option: &GeneratorOption,
        known: &'static [(&'static str, &'static str)],
        said: &str,
    ) -> Result<Vec<(&'static str, &'static str)>, BriefError> {
        let said: Vec<&str> = said.split(',').map(str::trim).collect();
        let names = || known.iter().map(|(word, _)| *word);
        if let Some(word) = said.iter().find(|word| names().all(|name| name != **word)) {
            let mend = nearest(word, names()).map_or_else(
                || format!("it takes {}", quote_all(names())),
                |near| format!("did you mean {}?", quote(near)),
            );
            return Err(BriefError::UnknownWord {
                generator: self.name,
                option: option.name,
                word: (*word).to_owned(),
                mend,
            });
        }
        Ok(known.iter().filter(|(word, _)| said.contains(word)).copied().collect())
    }

    /// The option of this name.
    pub fn option(&self, name: &str) -> Option<&'static GeneratorOption> {
        self.options.iter().find(|option| option.name == name)
    }

    /// What it is called where requests are told apart: `queries@1`.
    pub fn purpose(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }
}

/// A generator that is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no generator {}; {mend}", quote(.name))]
pub struct UnknownGenerator {
    /// The name.
    pub name: String,
    /// What to write in its place.
    pub mend: String,
}

/// The generator of this name.
pub fn find(name: &str) -> Result<&'static Generator, UnknownGenerator> {
    let known = || generators::ALL.iter().map(|generator| generator.name);
    generators::ALL.iter().copied().find(|generator| generator.name == name).ok_or_else(|| {
        let mend = nearest(name, known()).map_or_else(
            || format!("there are {}", quote_all(known())),
            |near| format!("did you mean {}?", quote(near)),
        );
        UnknownGenerator { name: name.to_owned(), mend }
    })
}
