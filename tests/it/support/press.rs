//! Feeds and pages for tests, in a few lines each.

/// An item of a feed.
#[derive(Clone)]
pub struct Item {
    pub id: String,
    pub url: String,
    pub title: String,
    pub date: String,
    pub summary: String,
}

impl Item {
    pub fn new(url: &str, title: &str, date: &str) -> Self {
        Self {
            id: url.into(),
            url: url.into(),
            title: title.into(),
            date: date.into(),
            summary: String::new(),
        }
    }
}

/// An RSS 2.0 feed.
pub fn rss(title: &str, items: &[Item]) -> String {
    let items: String = items
        .iter()
        .map(|item| {
            format!(
                "<item><guid isPermaLink=\"false\">{}</guid><link>{}</link><title>{}</title><pubDate>{}</pubDate><description>{}</description></item>",
                item.id, item.url, item.title, item.date, item.summary
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>{title}</title><link>https://{title}/</link>{items}</channel></rss>"
    )
}

/// A page with an article and a sidebar.
pub fn page(title: &str, paragraphs: &[&str], sidebar: &[&str]) -> String {
    let paragraphs: String = paragraphs.iter().map(|text| format!("<p>{text}</p>")).collect();
    let sidebar: String = sidebar.iter().map(|text| format!("<li><a href=\"/x\">{text}</a></li>")).collect();
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>{title}</title></head><body><nav><a href=\"/\">Home</a> <a href=\"/world\">World</a></nav>\
         <main><article><h1>{title}</h1>{paragraphs}</article></main><aside><h2>Most read</h2><ul>{sidebar}</ul></aside>\
         <footer><p>All rights reserved.</p></footer></body></html>"
    )
}
