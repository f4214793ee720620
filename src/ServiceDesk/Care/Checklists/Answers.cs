using System.Globalization;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Checklists;

/// <summary>What the answers to a checklist say.</summary>
internal static class Answers
{
    private const int MostText = 1000;

    /// <returns>Why they are no answers to these items; null when they are.</returns>
    public static Refusal? Check(IReadOnlyList<ChecklistItem> items, IReadOnlyDictionary<string, ItemAnswer> answers)
    {
        if (answers.Keys.Except(items.Select(i => i.Id)).FirstOrDefault() is { } unknown) return Refusal.Invalid("item-unknown", $"'{unknown}' is no item of this checklist; its items are {string.Join(", ", items.Select(i => i.Id))}");
        var missing = items.Where(i => !i.Optional && !answers.ContainsKey(i.Id)).Select(i => i.Id).ToList();
        if (missing.Count > 0) return Refusal.Invalid("items-missing", $"not answered: {string.Join(", ", missing)}");
        return items.Where(i => answers.ContainsKey(i.Id)).Select(i => Check(i, answers[i.Id])).FirstOrDefault(r => r is not null);
    }

    private static Refusal? Check(ChecklistItem item, ItemAnswer? answer) => (item.Kind, answer) switch
    {
        (_, null) => Refusal.Invalid("item-empty", $"'{item.Id}': leave it out when it is not answered"),
        (_, { Photo.Length: > MostText } or { Note.Length: > MostText }) => Refusal.Invalid("item-too-long", $"'{item.Id}': a photo's place and a note have at most {MostText} characters"),
        (ItemKind.YesNo, { Yes: null } or { Value: not null }) => Refusal.Invalid("item-yes-no", $"'{item.Id}' is answered with 'yes': true or false"),
        (ItemKind.Value, { Value: null } or { Yes: not null }) => Refusal.Invalid("item-value", $"'{item.Id}' is answered with 'value'{(item.Unit is null ? "" : $", in {item.Unit}")}"),
        (ItemKind.Value, { Value: { } value }) when !double.IsFinite(value) => Refusal.Invalid("item-number", $"'{item.Id}': 'value' is no number"),
        (ItemKind.Photo, { Photo: null or "" }) => Refusal.Invalid("item-photo", $"'{item.Id}' is answered with 'photo': where it lies"),
        _ => null,
    };

    public static IReadOnlyList<Finding> Findings(IReadOnlyList<ChecklistItem> items, IReadOnlyDictionary<string, ItemAnswer> answers) =>
        [.. items.Where(i => answers.TryGetValue(i.Id, out var answer) && !IsInOrder(i, answer)).Select(i => new Finding(i.Id, TextOf(i, answers[i.Id]), i.Priority))];

    private static bool IsInOrder(ChecklistItem item, ItemAnswer answer) => item.Kind switch
    {
        ItemKind.YesNo => answer.Yes == item.Expected,
        ItemKind.Value => !(answer.Value < item.Min) && !(answer.Value > item.Max),
        _ => true,
    };

    private static LocalizedText TextOf(ChecklistItem item, ItemAnswer answer)
    {
        var (en, zh) = item.Kind is ItemKind.Value ? (Reading(item, answer), Reading(item, answer)) : (answer.Yes == true ? "yes" : "no", answer.Yes == true ? "是" : "否");
        var note = answer.Note is { Length: > 0 } said ? $" ({said})" : "";
        return new LocalizedText($"{item.Text.En}: {en}{note}", $"{item.Text.ZhCn}：{zh}{note}");
    }

    private static string Reading(ChecklistItem item, ItemAnswer answer) => string.Create(
        CultureInfo.InvariantCulture, $"{answer.Value} {item.Unit} [{item.Min?.ToString(CultureInfo.InvariantCulture) ?? "…"}, {item.Max?.ToString(CultureInfo.InvariantCulture) ?? "…"}]");
}
