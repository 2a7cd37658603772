//! A message as Amazon Q Developer shows it in Slack and Microsoft Teams: a custom notification
//! (<https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html>), so that a chat needs no secret.

use serde_json::json;

use super::Message;

/// Characters of a title; Amazon Q takes 250.
const LONGEST_TITLE: usize = 250;
/// Characters of a description; Amazon Q takes 8,000, with what encloses it. The report has everything.
const LONGEST: usize = 7_500;

/// The notification, as the message of a topic.
pub(super) fn notification(message: &Message, id: &str) -> String {
    let title: String = shown(&message.subject).chars().take(LONGEST_TITLE).collect();
    let mut text: String = shown(message.text.trim_end()).chars().take(LONGEST).collect();
    if message.text.trim_end().chars().count() > LONGEST {
        text.push_str("…\nThe report has the rest.");
    }
    json!({
        "version": "1.0",
        "source": "custom",
        "id": id,
        "content": {
            "textType": "client-markdown",
            "title": title,
            // Within this fence nothing is markup.
            "description": format!("```\n{text}\n```"),
            "keywords": [message.kind.word(), message.severity],
        },
        "metadata": {
            "summary": title,
            "eventType": format!("rollcall-{}", message.kind.word()),
            "additionalContext": {
                "job": message.job.as_deref().unwrap_or("none"),
                "completeness": message.completeness,
            },
        },
    })
    .to_string()
}

/// A text in which no name is a mention, a link, or the end of the fence: Slack reads `<!channel>` everywhere.
fn shown(text: &str) -> String {
    text.replace('<', "‹").replace('>', "›").replace("```", "'''")
}
