using System.Text;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Tips;

/// <summary>What a campaign must be, in words for whoever enters it.</summary>
internal static class TipCheck
{
    private const int MostTitle = 100, MostSubject = 80, MostConditions = 10, MostNames = 200, MostDays = 366;

    /// <summary>With subject, reason and link it fits into what the narrowest chat takes: 2048 bytes.</summary>
    private const int MostBodyBytes = 1200;

    public static Refusal? Of(string id, TipCampaignOrder order) => order switch
    {
        _ when !DeviceKey.IsValidName(id) => Refusal.Invalid("id-invalid", $"'{id}' is no id: letters, digits, dots, dashes and underscores"),
        _ when !IsText(order.Title, MostTitle) => Refusal.Invalid("tip-title", $"title: 1 to {MostTitle} characters in each language"),
        _ when !IsText(order.Subject, MostSubject) || HasLines(order.Subject) => Refusal.Invalid("tip-subject", $"subject: one line of 1 to {MostSubject} characters in each language"),
        _ when !IsText(order.Body, MostBodyBytes) || Bytes(order.Body) > MostBodyBytes => Refusal.Invalid("tip-body", $"body: 1 to {MostBodyBytes} bytes in each language; a Chinese character has three"),
        { RepeatDays: < 0 or > TipCampaignOrder.MostRepeatDays } => Refusal.Invalid("tip-repeat", $"repeatDays: 0 to {TipCampaignOrder.MostRepeatDays} days"),
        _ when !Enum.IsDefined(order.Day) => Refusal.Invalid("tip-day", "day: a day of the week such as tuesday"),
        _ when order.From is { Year: < 2000 or > 2200 } || order.Until is { Year: < 2000 or > 2200 } => Refusal.Invalid("tip-dates", "from, until: a day between 2000 and 2200"),
        _ when order.Until < order.From => Refusal.Invalid("tip-until", "until: not before from"),
        _ when Names(order.Scope).Any(n => n is not { Length: > 0 and <= 200 }) || Names(order.Scope).Count() > MostNames => Refusal.Invalid("tip-scope", $"scope: at most {MostNames} names, each of 1 to 200 characters"),
        { Conditions.Count: > MostConditions } => Refusal.Invalid("tip-conditions", $"conditions: at most {MostConditions}"),
        _ => order.Conditions?.Select(OfCondition).FirstOrDefault(r => r is not null),
    };

    private static Refusal? OfCondition(TipCondition? condition) => condition switch
    {
        null => Refusal.Invalid("tip-condition", "conditions: none of them null"),
        { Test: TipTest.Age or TipTest.Metric } and ({ Side: null } or { Limit: null }) => Refusal.Invalid("tip-limit", "conditions: give a 'side' (above or below) and a 'limit'"),
        { Limit: { } limit } when !double.IsFinite(limit) => Refusal.Invalid("tip-limit", "conditions: give a 'side' (above or below) and a 'limit'"),
        { Test: TipTest.Metric, Metric: not { Length: > 0 and <= 100 } } => Refusal.Invalid("tip-metric", "conditions: name the 'metric'"),
        { Test: TipTest.Fault, Fault: not { Length: > 0 and <= 100 } } => Refusal.Invalid("tip-fault", "conditions: name the 'fault', the code of a cause"),
        { Days: < 1 or > MostDays } => Refusal.Invalid("tip-days", $"conditions: days: 1 to {MostDays}"),
        _ => null,
    };

    private static IEnumerable<string?> Names(TipScope? scope) => new[] { scope?.Types, scope?.Models, scope?.Sites, scope?.Customers }.SelectMany(list => list ?? []);

    private static bool IsText(LocalizedText? text, int most) => IsText(text?.En, most) && IsText(text?.ZhCn, most);
    private static bool IsText(string? text, int most) => !string.IsNullOrWhiteSpace(text) && text.Length <= most;
    private static bool HasLines(LocalizedText text) => text.En.AsSpan().IndexOfAny('\r', '\n') >= 0 || text.ZhCn.AsSpan().IndexOfAny('\r', '\n') >= 0;
    private static int Bytes(LocalizedText text) => Math.Max(Encoding.UTF8.GetByteCount(text.En), Encoding.UTF8.GetByteCount(text.ZhCn));
}
