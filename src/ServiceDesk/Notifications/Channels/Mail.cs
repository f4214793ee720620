using System.Net;
using MimeKit;
using MimeKit.Text;
using MimeKit.Utils;
using Seamless.ServiceDesk.Notifications.Messages;

namespace Seamless.ServiceDesk.Notifications.Channels;

/// <summary>The e-mail of a message: the same bytes whenever it is made.</summary>
internal static class Mail
{
    public static MimeMessage Of(string from, string to, Message message)
    {
        var sender = MailboxAddress.Parse(from);
        var domain = sender.Domain;
        // All of a ticket answer one message that was never sent: mail programs show them as one thread.
        var thread = $"ticket.{message.Thread}@{domain}";
        var mail = new MimeMessage
        {
            Subject = SubjectOf(message), Date = message.At, MessageId = $"{message.Id}@{domain}", InReplyTo = message.Unsubscribe is null ? thread : null,
            Body = new MultipartAlternative { Boundary = $"=_{message.Id}" },
        };
        mail.From.Add(sender);
        mail.To.Add(MailboxAddress.Parse(to));
        if (message.Unsubscribe is null) mail.References.Add(thread);
        else AddUnsubscribe(mail, message.Unsubscribe);
        if (message.Facts.Any(f => f.Words is null)) mail.Headers.Add("Auto-Submitted", "auto-generated");   // RFC 3834: no out-of-office answers this
        mail.Headers.Add(HeaderId.ContentLanguage, message.Language == "zh" ? "zh-CN" : "en");
        var parts = (MultipartAlternative)mail.Body;
        parts.Add(new TextPart(TextFormat.Plain) { Text = string.Join("\r\n", (string[])[.. message.Lines, .. message.Link is null ? Array.Empty<string>() : ["", message.Link]]) + "\r\n" });
        parts.Add(new TextPart(TextFormat.Html) { Text = HtmlOf(message) });
        mail.Prepare(EncodingConstraint.SevenBit);
        return mail;
    }

    /// <summary>RFC 2369 and, over https as it demands, RFC 8058: mail programs show a button of their own.</summary>
    private static void AddUnsubscribe(MimeMessage mail, UnsubscribeLinks links)
    {
        mail.Headers.Add(HeaderId.ListUnsubscribe, $"<{links.OneClick}>");
        if (links.OneClick.StartsWith("https:", StringComparison.OrdinalIgnoreCase)) mail.Headers.Add(HeaderId.ListUnsubscribePost, "List-Unsubscribe=One-Click");
    }

    /// <summary>With the number in brackets, so that an answer finds its case. A digest is about several.</summary>
    private static string SubjectOf(Message message)
    {
        var subject = message.Subject.ReplaceLineEndings(" ");
        return message.IsDigest || message.Unsubscribe is not null ? subject : $"[{message.Thread}] {(subject.StartsWith(message.Thread, StringComparison.Ordinal) ? subject[message.Thread.Length..].TrimStart(' ', ':') : subject)}";
    }

    private static string HtmlOf(Message message)
    {
        var lines = string.Concat(message.Lines.Select(line => $"<p>{WebUtility.HtmlEncode(line)}</p>\r\n"));
        var link = message.Link is null ? "" : $"<p><a href=\"{WebUtility.HtmlEncode(message.Link)}\">{WebUtility.HtmlEncode(message.LinkText)}</a></p>\r\n";
        return $"<!DOCTYPE html>\r\n<html lang=\"{(message.Language == "zh" ? "zh-CN" : "en")}\"><body>\r\n<h1>{WebUtility.HtmlEncode(message.Subject)}</h1>\r\n{lines}{link}</body></html>\r\n";
    }
}
