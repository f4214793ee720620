using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Customers.Complaints;

/// <summary>What people do to a complaint, within one piece of work.</summary>
internal sealed class ComplaintDesk(DeskWork work, ComplaintRow complaint, CustomerPolicy policy, ComplaintAction action)
{
    private const int MostAlternatives = 10;
    private const int MostText = 2000;
    private const double MostHours = 24 * 90;

    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    private Colleague By => action.By;

    /// <summary>Who the customer is when they decide for themselves on the status page.</summary>
    public static readonly Colleague Customer = new("customer", "customer");

    /// <summary>What the customer does on the status page; it is nobody's in the table of the colleagues.</summary>
    public static ComplaintAction FromCustomer(string name, int? alternative = null) =>
        new(name, Customer, alternative is { } n ? new Dictionary<string, string> { ["alternative"] = n.ToString(CultureInfo.InvariantCulture) } : Nothing);

    /// <returns>Null when done, else why not.</returns>
    public async Task<Refusal?> ActAsync(CancellationToken ct)
    {
        var allowed = ComplaintStatuses.Allowed(complaint.Status);
        if (!allowed.Contains(action.Name))
            return Refusal.Because("complaint-not-now", $"{complaint.Number} is {complaint.Status}; '{action.Name}' is not possible now, {string.Join(", ", allowed)} are");
        if (Note is { Length: > MostText }) return Refusal.Invalid("note-too-long", $"a note has at most {MostText} characters");
        if (!Mine()) return Refusal.Forbidden("complaint-owner", $"{complaint.Number} is {complaint.Owner}'s, the customer's only interface; ask {complaint.Owner}, or for a hand-over");
        var refusal = action.Name switch
        {
            "assign" => Assign(),
            "hand-over" => HandOver(),
            "answer" => Answer(),
            "ask" => await AskAsync(ct),
            "reply" => await ReplyAsync(ct),
            "offer" => await OfferAsync(ct),
            "approve" => await ApproveAsync(ct),
            "refuse" => await RefuseAsync(ct),
            "agree" => await AgreeAsync(ct),
            "disagree" => Disagree(),
            "further" => Further(),
            "close" => await CloseAsync(ct),
            _ => NoteDown(),
        };
        if (refusal is null) await ComplaintTimes.ScheduleAsync(work, complaint, ct);
        return refusal;
    }

    private string? Note => action.Args.GetValueOrDefault("note");

    /// <summary>An administrator may hand over what its owner can no longer.</summary>
    private bool Mine() =>
        ComplaintStatuses.IsAnybodys(action.Name) || ComplaintStatuses.IsApprovers(action.Name) || By.Name == complaint.Owner
        || (action.Name == "hand-over" && By.Role == "admin") || (ReferenceEquals(By, Customer) && action.Name is "agree" or "disagree");

    private Refusal? Assign()
    {
        if (!action.Args.TryGetValue("person", out var person)) return Missing("person");
        Own(work, complaint, person, By.Name);
        return null;
    }

    public static void Own(DeskWork work, ComplaintRow complaint, string person, string actor)
    {
        (complaint.Owner, complaint.Status) = (person, ComplaintStatus.Assigned);
        work.Step(complaint, "assigned", actor, new($"{person} takes care of it", $"由 {person} 负责"));
    }

    private Refusal? HandOver()
    {
        if (!action.Args.TryGetValue("person", out var person)) return Missing("person");
        if (person == complaint.Owner) return Refusal.Because("complaint-theirs", $"{complaint.Number} is {person}'s already");
        if (Note is not { } note) return Refusal.Invalid("complaint-hand-over-note", "a hand-over needs a 'note': what the next owner must know");
        var before = complaint.Owner;
        complaint.Owner = person;
        work.Step(complaint, "handed-over", By.Name, new($"{before} → {person}: {note}", $"{before} → {person}：{note}"));
        work.Touch(complaint, $"hand-over:{complaint.Version}", Touches.Transfer);
        return null;
    }

    private Refusal? Answer()
    {
        if (Note is not { } note) return Missing("note");
        Answered();
        work.Step(complaint, "answered", By.Name, new(note, note), forCustomer: true);
        return null;
    }

    private async Task<Refusal?> AskAsync(CancellationToken ct)
    {
        if (!action.Args.TryGetValue("department", out var department)) return Missing("department");
        if (!action.Args.TryGetValue("question", out var question)) return Missing("question");
        if (department.Length > 100 || question.Length > MostText) return Refusal.Invalid("complaint-question-length", $"a department has at most 100 characters, a question {MostText}");
        var hours = 24.0;
        if (action.Args.TryGetValue("hours", out var text) && (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out hours) || hours is not (> 0 and <= MostHours)))
            return Refusal.Invalid("hours-number", $"'{text}' is no number of hours up to {MostHours}");
        var number = (await work.InquiriesAsync(complaint.Number, ct)).Count + 1;
        work.Db.Inquiries.Add(new InquiryRow
        {
            Complaint = complaint.Number, Number = number, Department = department, Question = question, AskedBy = By.Name, AskedAt = work.Now, DueAt = work.Now.AddHours(hours),
        });
        if (complaint.Status is ComplaintStatus.Assigned) complaint.Status = ComplaintStatus.Investigating;
        work.Step(complaint, "asked", By.Name, new($"{department}: {question}", $"{department}：{question}"));
        return null;
    }

    private async Task<Refusal?> ReplyAsync(CancellationToken ct)
    {
        if (!action.Args.TryGetValue("answer", out var answer)) return Missing("answer");
        if (answer.Length > MostText) return Refusal.Invalid("answer-length", $"an answer has at most {MostText} characters");
        var open = (await work.InquiriesAsync(complaint.Number, ct)).Where(i => i.AnsweredAt is null).ToList();
        var inquiry = action.Args.TryGetValue("inquiry", out var number) ? open.Find(i => i.Number.ToString(CultureInfo.InvariantCulture) == number) : open.FirstOrDefault();
        if (inquiry is null) return Refusal.Because(open.Count == 0 ? $"nobody has been asked about {complaint.Number}" : $"there is no open question '{number}'");
        (inquiry.Answer, inquiry.AnsweredBy, inquiry.AnsweredAt) = (answer, By.Name, work.Now);
        work.Step(complaint, "replied", By.Name, new($"{inquiry.Department}: {answer}", $"{inquiry.Department}：{answer}"));
        return null;
    }

    private async Task<Refusal?> OfferAsync(CancellationToken ct)
    {
        if (action.Alternatives is not { Count: > 0 and <= MostAlternatives } alternatives) return Refusal.Invalid("offer-count", $"an offer has 1 to {MostAlternatives} 'alternatives'");
        if (alternatives.Any(a => string.IsNullOrWhiteSpace(a?.Text) || a.Text.Length > MostText)) return Refusal.Invalid("offer-text", $"each alternative says in 1 to {MostText} characters what the customer gets");
        if (alternatives.Any(a => a.Money < 0)) return Refusal.Invalid("offer-money", "the money of an alternative is not negative");
        var within = policy.LimitOf(By.Role).Covers(alternatives);
        if (!within && !CustomerPolicy.Rungs.Any(rung => policy.LimitOf(rung).Covers(alternatives))) return Refusal.Because("offer-beyond", "this is beyond everybody's authority");
        var offer = new OfferRow
        {
            Complaint = complaint.Number, Number = (await work.OffersAsync(complaint.Number, ct)).Count + 1, Alternatives = alternatives, OfferedBy = By.Name, Role = By.Role, At = work.Now,
            Rung = within ? null : CustomerPolicy.Rungs[0], ApprovedBy = within ? By.Name : null,
        };
        work.Db.Offers.Add(offer);
        if (within) MakeOffer(offer);
        else Escalate(offer);
        return null;
    }

    private void MakeOffer(OfferRow offer)
    {
        Answered();
        complaint.Status = ComplaintStatus.Offered;
        work.Step(complaint, "offered", By.Name, Lines("we offer", "我们建议", offer.Alternatives), forCustomer: true);
    }

    private void Escalate(OfferRow offer)
    {
        complaint.Status = ComplaintStatus.Escalated;
        work.Step(complaint, "escalated", By.Name, new($"beyond the authority of {By.Name}; {offer.Rung} decides", $"超出 {By.Name} 的权限，由 {offer.Rung} 决定"));
    }

    private async Task<Refusal?> ApproveAsync(CancellationToken ct)
    {
        var offer = await PendingAsync(ct);
        if (NotTheirs(offer) is { } refusal) return refusal;
        if (!policy.LimitOf(offer.Rung!).Covers(offer.Alternatives))
        {
            // This rung is for it but may not decide it: it goes on up, and nothing has been promised yet.
            var next = CustomerPolicy.Rungs.SkipWhile(rung => rung != offer.Rung).Skip(1).FirstOrDefault();
            if (next is null) return Refusal.Because("offer-beyond-now", "this is beyond everybody's authority by now; refuse it, and another offer can be made");
            offer.Rung = next;
            Escalate(offer);
            return null;
        }
        work.Step(complaint, "approved", By.Name, new($"approved as {offer.Rung}", $"以 {offer.Rung} 身份批准"));
        (offer.Rung, offer.ApprovedBy) = (null, By.Name);
        MakeOffer(offer);
        return null;
    }

    private async Task<Refusal?> RefuseAsync(CancellationToken ct)
    {
        var offer = await PendingAsync(ct);
        if (NotTheirs(offer) is { } refusal) return refusal;
        if (Note is not { } note) return Refusal.Invalid("offer-refuse-note", "a refusal needs a 'note': what would be right instead");
        offer.Rung = null;
        complaint.Status = ComplaintStatus.Investigating;
        work.Step(complaint, "refused", By.Name, new($"not approved: {note}", $"未批准：{note}"));
        return null;
    }

    /// <summary>Whoever made the offer never decides on it, whatever rungs they stand on.</summary>
    private Refusal? NotTheirs(OfferRow offer) =>
        !policy.StandsOn(offer.Rung!, By) ? Refusal.Forbidden("offer-rung", $"{offer.Rung} decides on this offer; {By.Name} is not one")
        : offer.OfferedBy == By.Name ? Refusal.Forbidden("offer-own", $"{By.Name} made this offer; somebody else decides on it")
        : null;

    private async Task<OfferRow> PendingAsync(CancellationToken ct) => (await work.OffersAsync(complaint.Number, ct)).Last(o => o.Rung is not null);   // Escalated is entered with one only

    private async Task<Refusal?> AgreeAsync(CancellationToken ct)
    {
        if (!ReferenceEquals(By, Customer) && Note is null) return Refusal.Invalid("agree-note", "who agrees for the customer says in a 'note' who said so, and how");
        var offer = (await work.OffersAsync(complaint.Number, ct))[^1];
        if (!int.TryParse(action.Args.GetValueOrDefault("alternative", "1"), CultureInfo.InvariantCulture, out var chosen) || chosen < 1 || chosen > offer.Alternatives.Count)
            return Refusal.Invalid("alternative-number", $"'alternative' is 1 to {offer.Alternatives.Count}");
        offer.Chosen = chosen;
        complaint.Status = ComplaintStatus.Agreed;
        Solved();
        work.Step(complaint, "agreed", By.Name, Lines("agreed", "已达成一致", [offer.Alternatives[chosen - 1]]), forCustomer: true);
        return null;
    }

    private Refusal? Disagree()
    {
        complaint.Status = ComplaintStatus.NotAgreed;
        work.Step(complaint, "not-agreed", By.Name, new(Note ?? "the offer does not suit the customer", Note ?? "客户不接受该方案"), forCustomer: true);
        return null;
    }

    private Refusal? Further()
    {
        if (Note is not { } note) return Refusal.Invalid("further-note", "the further process needs a 'note': which one, and with whom");
        complaint.Status = ComplaintStatus.FurtherProcess;
        work.Step(complaint, "further-process", By.Name, new(note, note), forCustomer: true);
        return null;
    }

    private async Task<Refusal?> CloseAsync(CancellationToken ct)
    {
        if (complaint.Status is ComplaintStatus.FurtherProcess && Note is null) return Refusal.Invalid("further-result", "what came of the further process? 'note' says it");
        if ((await work.InquiriesAsync(complaint.Number, ct)).Any(i => i.AnsweredAt is null)) return Refusal.Because("complaint-question-open", "a question to another department is still open; 'reply' first");
        Solved();
        complaint.Status = ComplaintStatus.Closed;
        work.Step(complaint, "closed", By.Name, new(Note ?? "closed", Note ?? "已关闭"), forCustomer: true);
        return null;
    }

    private Refusal? NoteDown()
    {
        if (Note is not { } note) return Missing("note");
        work.Step(complaint, "note", By.Name, new(note, note));
        return null;
    }

    private void Answered()
    {
        if (complaint.FirstAnsweredAt is not null) return;
        complaint.FirstAnsweredAt = work.Now;
        ComplaintTimes.End(work, complaint, ComplaintTimes.FirstAnswer, work.Now <= complaint.FirstAnswerBy);
    }

    private void Solved()
    {
        Answered();
        if (complaint.SolvedAt is not null) return;
        complaint.SolvedAt = work.Now;
        ComplaintTimes.End(work, complaint, ComplaintTimes.Solution, work.Now <= complaint.SolutionBy);
    }

    private LocalizedText Lines(string en, string zh, IReadOnlyList<Alternative> alternatives)
    {
        var lines = string.Join(" · ", alternatives.Select(a => a.Money > 0 ? string.Create(CultureInfo.InvariantCulture, $"{a.Text} ({a.Money:0.##} {policy.Currency})") : a.Text));
        return new($"{en}: {lines}", $"{zh}：{lines}");
    }

    private static Refusal Missing(string field) => Refusal.Invalid("field-missing", $"'{field}' is missing");
}
