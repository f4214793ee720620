using System.Globalization;
using Seamless.Rules.Packs;

namespace Seamless.ServiceDesk.PastCases;

/// <summary>Why a past case is told, in words.</summary>
internal static class LikenessWords
{
    public static IReadOnlyList<LocalizedText> Of(PastCase past, Likeness likeness, Likened alarm, IPacks packs)
    {
        var words = new List<LocalizedText>();
        if (likeness.SameType) words.Add(SameType(packs.Find(past.Type)?.Title ?? new LocalizedText(past.Type, past.Type)));
        if (likeness.Symptoms > 0) words.Add(Symptoms(past, alarm, packs.Find(past.Type)));
        if (likeness.Cause > 0) words.Add(Cause(likeness.Cause));
        if (likeness.SameSite) words.Add(alarm.Device is not null && alarm.Device == past.Device ? new("the same device", "同一设备") : new("the same site", "同一站点"));
        return words;
    }

    private static LocalizedText SameType(LocalizedText type) => new($"the same type: {type.En}", $"同一类型：{type.ZhCn}");

    private static LocalizedText Symptoms(PastCase past, Likened alarm, EquipmentPack? pack)
    {
        var common = past.Symptoms.Where(alarm.Symptoms.Contains).Order(StringComparer.Ordinal)
            .Select(code => pack?.Faults.Symptom(code)?.Title ?? new LocalizedText(code, code)).ToList();
        return new LocalizedText(
            $"the same symptoms: {string.Join(", ", common.Select(title => title.En))}", $"相同症状：{string.Join("、", common.Select(title => title.ZhCn))}");
    }

    private static LocalizedText Cause(double probability)
    {
        var percent = probability.ToString("P0", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);
        return new LocalizedText($"its cause is {percent} probable here", $"此处为该原因的概率 {percent}");
    }
}
