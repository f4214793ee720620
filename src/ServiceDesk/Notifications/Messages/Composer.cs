using System.Globalization;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Notifications.Recipients;

namespace Seamless.ServiceDesk.Notifications.Messages;

/// <summary>Says the facts in the recipient's language and time zone. Pure.</summary>
internal sealed class Composer(string language, TimeZoneInfo zone, NotificationOptions options)
{
    private const int MostNames = 3;

    public Composer(RecipientRow recipient, NotificationOptions options) : this(recipient.Language, recipient.ZoneInfo, options) { }

    /// <summary>The token by which the recipient unsubscribes from the tips of a campaign.</summary>
    public Func<string, string>? Unsubscribing { get; init; }

    public Message Of(OutboxRow row) => Of(row.Id, row.Facts);

    public Message Of(string id, MessageFacts facts)
    {
        if (facts.Tip is { } tip) return TipOf(id, facts, tip);
        var subject = SubjectOf(facts);
        if (facts.Words is { } words) return new Message(id, facts.Ticket, subject, [.. words.Split('\n'), "", Line("Responsible", "负责人", facts.Accountable)], [ShortReply(facts)], LinkOf(facts), Word("Open", "查看"), language, facts.At, [facts]);
        var what = In(facts.Headline);
        List<string> lines = [Line("What", "事项", facts.Fault is null ? what : $"{what}: {In(facts.Fault)}")];
        if (facts.Detail is { } detail && In(detail) != what) lines.Add(In(detail));
        lines.Add(Line("Where", "位置", PlaceOf(facts)));
        lines.Add(Line("Since", "起始", Time(facts.Since)));
        lines.Add(Line("Next", "下一步", NextOf(facts)));
        lines.Add(Line("Responsible", "负责人", facts.Accountable));
        var link = LinkOf(facts);
        var core = $"{facts.Ticket} {what}";
        var signed = Line("Responsible", "负责人", facts.Accountable);
        string[] shorter = [$"{core}. {PlaceOf(facts)}. {NextOf(facts)}. {signed}", $"{core}. {PlaceOf(facts)}. {signed}", $"{core}. {signed}", $"{core} - {facts.Accountable}"];
        return new Message(id, facts.Ticket, subject, lines, link is null ? shorter : [$"{shorter[1]} {link}", .. shorter], link, Word("Open", "查看"), language, facts.At, [facts]);
    }

    /// <summary>In the words of its campaign; its link leads to where one unsubscribes.</summary>
    private Message TipOf(string id, MessageFacts facts, string campaign)
    {
        var page = Page($"/tips/{Unsubscribing!(campaign)}", Audience.Staff) ?? throw new InvalidOperationException("a tip needs portal.publicUrl");   // the sender holds it back otherwise
        var subject = In(facts.Headline);
        List<string> lines = [.. In(facts.Detail!).ReplaceLineEndings("\n").Split('\n'), Line("Machine", "设备", PlaceOf(facts)), Line("Why you get this", "发送原因", In(facts.Fault!)), facts.Accountable];
        var stop = Word("No more tips", "不再接收提示");
        return new Message(id, facts.Ticket, subject, [.. lines, Word("No more tips? Unsubscribe here:", "不想再收到提示？请在此退订：")], [$"{subject}. {stop}: {page}", $"{subject} {page}"], page, stop, language, facts.At, [facts])
        {
            Unsubscribe = new UnsubscribeLinks(page, $"{page}/one-click"),
        };
    }

    /// <summary>An answer where little fits: nothing of it may be left out.</summary>
    public static string ShortReply(MessageFacts facts) => $"{facts.Ticket}: {facts.Words} - {facts.Accountable}";

    /// <summary>Several milestones in one message, one line each.</summary>
    public Message Digest(IReadOnlyList<OutboxRow> rows)
    {
        var count = rows.Count.ToString(CultureInfo.InvariantCulture);
        var subject = Word($"{count} messages", $"{count} 条消息");
        var names = rows.Select(r => r.Facts.Accountable).Distinct().ToList();
        var signed = Line("Responsible", "负责人", names.Count <= MostNames ? string.Join(", ", names) : options.Signature);
        // Who answers stands first: what does not fit is cut at the end.
        List<string> lines = [signed, .. rows.Select(r => r.Facts.Words is null ? $"{SubjectOf(r.Facts)} ({PlaceOf(r.Facts)}, {Time(r.Facts.At)})" : ShortReply(r.Facts))];
        return new Message(rows[0].Id, rows[0].Ticket, subject, lines, [$"{subject}. {signed}"], Page("/tickets", rows[0].Facts.Audience), Word("Open", "查看"), language, rows[^1].At, [.. rows.Select(r => r.Facts)]);
    }

    private string SubjectOf(MessageFacts facts)
    {
        var headline = In(facts.Headline);
        return facts.Audience is Audience.Customer ? $"{facts.Ticket}: {headline}" : facts.Fault is null ? $"{facts.Ticket} {facts.Priority}: {headline}" : $"{facts.Ticket} {facts.Priority}: {headline} – {In(facts.Fault)}";
    }

    private static string PlaceOf(MessageFacts facts) => facts.Device is null ? facts.Site : $"{facts.Device}, {facts.Site}";

    private string NextOf(MessageFacts facts)
    {
        var by = facts.NextBy is { } at ? Time(at) : "";
        return facts.Next switch
        {
            NextStep.Answer => Word($"somebody takes it on by {by}", $"{by} 前受理"),
            NextStep.Visit => Word($"visit {by}", $"{by} 上门"),
            NextStep.Repair => Word($"repaired by {by}", $"{by} 前修复"),
            NextStep.Wait when by.Length > 0 => Word($"waits, {by} at the latest", $"等待中，最迟至 {by}"),
            NextStep.Wait => Word("waits", "等待中"),
            NextStep.Care => Word("do it late, or say why it is not done", "请补做，或说明不做的原因"),
            NextStep.Renew => Word($"renew it by {by}", $"请于 {by} 前续约"),
            NextStep.Watch => Word("we keep watching", "持续观察"),
            _ => Word("nothing more", "无"),
        };
    }

    public string? LinkOf(MessageFacts facts) => facts switch
    {
        { Milestone: "test" } => Page("/", facts.Audience),
        { Milestone: MilestoneWords.ContractExpires } => Page("/contracts", facts.Audience),
        { Milestone: MilestoneWords.CareMissed } => Page("/care", facts.Audience),
        { Tracking: { } code } => Page($"/track/{code}", Audience.Staff),
        _ => Page($"/tickets/{facts.Ticket}", facts.Audience),
    };

    /// <summary>The customer has no pages but the tracking of a repair.</summary>
    private string? Page(string path, Audience audience) => options.PublicUrl is null || audience is Audience.Customer ? null : $"{options.PublicUrl.AbsoluteUri.TrimEnd('/')}{path}";

    private string Line(string en, string zh, string text) => Word($"{en}: {text}", $"{zh}：{text}");
    private string Word(string en, string zh) => language == "zh" ? zh : en;
    private string In(LocalizedText text) => text.In(language);

    /// <summary>With the offset, so that it means the same to whoever it is passed on to.</summary>
    private string Time(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm 'UTC'zzz", CultureInfo.InvariantCulture);
}
