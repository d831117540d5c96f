//! Makes outside text safe for the place it is shown in. Whatever an application, a judge or a data
//! file said passes through here on its way into an output; one file for each kind of place.

mod ci;
mod markdown;
mod visible;
mod xml;

pub use ci::{annotation, annotation_property, ci_log, for_log, is_ci_log};
pub use markdown::{markdown_block, markdown_inline, markdown_text};
pub use visible::{invisible, shortened, terminal, terminal_line};
pub use xml::{xml, xml_cdata, xml_line};
