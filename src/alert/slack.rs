//! A message as an incoming webhook of Slack takes it: blocks of plain text, in which no name can be markup
//! (<https://docs.slack.dev/reference/block-kit/blocks/section-block>).

use serde_json::{Value, json};

use super::web_hook::{NotPosted, post_body};
use super::{Message, Sent};

/// Characters of a block of text; Slack takes 3,000.
const LONGEST: usize = 2_900;
/// How many blocks of text a message has; Slack takes 50. The report has everything.
const BLOCKS: usize = 10;
/// Characters of a header; Slack takes 150.
const LONGEST_HEADER: usize = 150;

/// Posts a message.
///
/// # Errors
/// Where Slack does not take it, after three attempts.
pub async fn post(url: &str, message: &Message) -> Result<Sent, NotPosted> {
    post_body(url, None, &body(message)).await?;
    Ok(Sent { channel: "slack", ..Sent::default() })
}

fn body(message: &Message) -> String {
    let header: String = message.subject.chars().take(LONGEST_HEADER).collect();
    let plain = |text: &str| json!({"type": "plain_text", "text": text, "emoji": false});
    let mut blocks = vec![json!({"type": "header", "text": plain(&header)})];
    let pieces = pieces(&message.text);
    let section = |text: &String| json!({"type": "section", "text": plain(text)});
    blocks.extend(pieces.iter().take(BLOCKS).map(section));
    if pieces.len() > BLOCKS {
        blocks.push(section(&"… the report has the rest.".to_owned()));
    }
    // Shown in notifications, and the one place that Slack reads as markup.
    let escaped = message.subject.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    json!({"text": escaped, "blocks": Value::Array(blocks)}).to_string()
}

/// The text in pieces that fit, cut between lines where that is possible.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let (mut piece, mut length) = (String::new(), 0);
    for line in text.trim_end().split_inclusive('\n') {
        let letters: Vec<char> = line.chars().collect();
        for part in letters.chunks(LONGEST) {
            if length + part.len() > LONGEST {
                pieces.push(std::mem::take(&mut piece));
                length = 0;
            }
            piece.extend(part);
            length += part.len();
        }
    }
    pieces.push(piece);
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
}
