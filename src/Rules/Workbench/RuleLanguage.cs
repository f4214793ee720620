using Seamless.Analytics.Detectors;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Files;

namespace Seamless.Rules.Workbench;

/// <summary>A word that may stand after a key.</summary>
/// <param name="Unit">Of a metric.</param>
public sealed record RuleWord(string Word, LocalizedText? Title, string? Unit = null);

/// <param name="Help">What the key means and how its value is written.</param>
/// <param name="Words">The words there are; empty when it is free.</param>
/// <param name="Required">A rule without it is wrong, whatever its condition.</param>
public sealed record RuleKey(string Key, LocalizedText Help, IReadOnlyList<RuleWord> Words, bool Required);

/// <summary>What can be written in a rule file of a pack: for who completes and explains it while it is written.</summary>
/// <remarks>Keys are those that the reader asks for, found by letting it read: what it learns to read is here by itself, and a test asks for its help.</remarks>
public sealed record RuleLanguage(string Type, IReadOnlyList<RuleKey> Keys)
{
    public static RuleLanguage Of(EquipmentPack pack)
    {
        var words = Words(pack);
        var (asked, required) = RuleReader.KeysFor(pack.Metrics, pack.Faults.Symptoms.Select(s => s.Code), StreamingDetectors.Names);
        return new RuleLanguage(pack.Type, [.. asked.Select(key => new RuleKey(key, RuleKeyHelp.Of(key) ?? new LocalizedText("", ""), words.GetValueOrDefault(key, []), required.Contains(key)))]);
    }

    private static Dictionary<string, IReadOnlyList<RuleWord>> Words(EquipmentPack pack) => new(StringComparer.Ordinal)
    {
        ["condition"] = [.. RuleWords.Conditions.Keys.Select(word => new RuleWord(word, RuleKeyHelp.OfCondition(word)))],
        ["severity"] = [.. RuleWords.Severities.Keys.Select(word => new RuleWord(word, null))],
        ["metric"] = [.. pack.Metrics.Select(Metric)],
        ["value"] = InExpression(pack),
        ["when"] = InExpression(pack),
        ["inMaintenance"] = [.. RuleWords.InMaintenance.Keys.Select(word => new RuleWord(word, null))],
        ["reset"] = [.. RuleWords.Resets.Keys.Select(word => new RuleWord(word, null))],
        ["metrics"] = [.. pack.Metrics.Where(metric => metric.Type is MetricType.Number).Select(Metric)],
        ["by"] = [.. pack.Metrics.Where(metric => metric.Type is not MetricType.Number).Select(Metric)],
        ["symptom"] = [.. pack.Faults.Symptoms.Select(s => new RuleWord(s.Code, s.Title))],
        ["detector"] = [.. StreamingDetectors.Names.Select(name => new RuleWord(name, null))],
        ["mode"] = [.. pack.Rules.Select(r => r.Mode).Distinct().Order(StringComparer.Ordinal).Select(mode => new RuleWord(mode, null))],
        ["model"] = [.. pack.Rules.Select(r => r.Model).OfType<string>().Distinct().Order(StringComparer.Ordinal).Select(model => new RuleWord(model, null))],
    };

    /// <summary>What may stand in an expression: what is true or false first, as conditions begin with it, then the other metrics, then functions with their arguments.</summary>
    private static IReadOnlyList<RuleWord> InExpression(EquipmentPack pack) =>
    [
        .. pack.Metrics.OrderBy(metric => metric.Type is not MetricType.Boolean).Select(Metric),
        .. FunctionHelp.All.Select(function => new RuleWord(function.Call, function.Help)),
    ];

    private static RuleWord Metric(MetricDefinition metric) => new(metric.Name, metric.Title, metric.Unit);
}

/// <summary>What each key of a rule means, in words for who writes it.</summary>
internal static class RuleKeyHelp
{
    private static readonly Dictionary<string, LocalizedText> Keys = new(StringComparer.Ordinal)
    {
        ["id"] = new("Identity of the rule, once in the pack. Lower case and dashes: bearing-temperature-high.", "规则的标识，在设备包内唯一。小写字母与连字符：bearing-temperature-high。"),
        ["title"] = new("The rule's name for people: { en: …, zh-CN: … }.", "规则名称：{ en: …, zh-CN: … }。"),
        ["message"] = new("What the alarm says to people: { en: …, zh-CN: … }.", "报警文字：{ en: …, zh-CN: … }。"),
        ["source"] = new("Where the limit comes from: a standard, a data sheet.", "限值的出处：标准或数据手册。"),
        ["metric"] = new("What is judged. Left out for a model and for silence of the whole device; the event's code for an event.", "被判断的指标。模型和整机无数据时省略；事件时填事件代码。"),
        ["condition"] = new("How it is judged.", "判断方式。"),
        ["setpoint"] = new("Where the condition begins: a number, with the metric's own unit after it if you like; a duration for missing; above 0 to 1 for detector and model.", "条件开始的值：数字，后面可写指标的单位；missing 为时长；detector 与 model 为大于 0 至 1。"),
        ["deadband"] = new("How far back behind the setpoint the condition ends, in the metric's unit.", "回差：回到设定值以内多少时条件结束，单位同指标。"),
        ["onDelay"] = new("How long the condition must hold before it counts: 30s, 5m.", "条件须持续多久才算数：30s、5m。"),
        ["offDelay"] = new("How long it must be over before it ends; for an event, how long one speaks.", "条件消失多久后结束；事件为一次事件的有效时长。"),
        ["severity"] = new("How grave it is. Low is information and opens no ticket.", "严重程度。low 仅为提示，不开工单。"),
        ["symptom"] = new("The symptom of faults.yaml that it shows.", "所表示的征兆（见 faults.yaml）。"),
        ["mode"] = new("ISO 14224 failure mode, what is seen: VIB, OHE, PDE. Findings of one mode on one device are one fault.", "ISO 14224 失效模式（所见现象）：VIB、OHE、PDE。同一设备同一模式为一个故障。"),
        ["when"] = new("A boolean metric that must be true for the rule to judge.", "布尔指标，为真时规则才判断。"),
        ["value"] = new("An expression in place of a metric: flow / motorCurrent, mean(vibration, 10m). For condition: holds it is true or false.", "代替指标的表达式：flow / motorCurrent、mean(vibration, 10m)。condition: holds 时为真或假。"),
        ["escalate"] = new("Where it grows graver: a list of { after: 2h, severity: critical } or { beyond: 95 °C, severity: critical }.", "何时升级：{ after: 2h, severity: critical } 或 { beyond: 95 °C, severity: critical } 的列表。"),
        ["tolerance"] = new("By how much a stuck reading may still tremble, in the metric's unit.", "读数被视为不变时允许的抖动，单位同指标。"),
        ["schedule"] = new("When the rule judges: { days: [mon, fri], from: \"08:00\", to: \"18:00\", zone: Europe/Berlin }.", "规则判断的时段：{ days: [mon, fri], from: \"08:00\", to: \"18:00\", zone: Europe/Berlin }。"),
        ["of"] = new("The ids of the rules that a composite is made of: [a, b].", "组合规则所含规则的标识：[a, b]。"),
        ["count"] = new("How many of them, for condition: atLeast.", "至少几条成立，用于 condition: atLeast。"),
        ["within"] = new("From the first to the last, for condition: sequence: 10m.", "从第一条到最后一条的时限，用于 condition: sequence：10m。"),
        ["alarm"] = new("false: only seen by other rules, raises nothing itself.", "false：仅供其他规则使用，自身不报警。"),
        ["latch"] = new("true: stays until a person closes it.", "true：保持，直到有人关闭。"),
        ["inMaintenance"] = new("judge: the alarm is presented although its device is under maintenance, as fire and gas must be. suppress, the default: it is listed and reaches nobody until the maintenance ends.", "judge：即使设备正在维护也照常报警（如火灾、燃气）。suppress（默认）：仅列出，维护结束前不通知任何人。"),
        ["detector"] = new("Name of the streaming detector, for condition: detector.", "流式检测器名称，用于 condition: detector。"),
        ["metrics"] = new("Metrics that are judged together, for condition: state: from 2 to 16 numbers, [vibration, motorCurrent].", "一起判断的指标，用于 condition: state：2 至 16 个数值指标，[vibration, motorCurrent]。"),
        ["every"] = new("For condition: state: the step of time that makes a row, at least as long as the slowest metric takes: 1m when not said.", "用于 condition: state：多长时间取一行数据，不短于最慢指标的上报间隔；默认 1m。"),
        ["by"] = new("For condition: state: a metric whose values are modes with a normal of their own, at most 8: speedStage, or { metric: mode, words: [eco, boost] }.", "用于 condition: state：按运行模式分别学习常态的指标，最多 8 种：speedStage，或 { metric: mode, words: [eco, boost] }。"),
        ["reset"] = new("For condition: state: maintenance, the default, learns the normal state anew after the machine was worked on; never does not.", "用于 condition: state：maintenance（默认）在维护后重新学习常态；never 不重新学习。"),
        ["model"] = new("Name of the learned model, for condition: model.", "已训练模型名称，用于 condition: model。"),
    };

    private static readonly Dictionary<string, LocalizedText> ConditionWords = new(StringComparer.Ordinal)
    {
        ["high"] = new("at or above the setpoint", "达到或高于设定值"),
        ["low"] = new("at or below the setpoint", "达到或低于设定值"),
        ["rate"] = new("absolute change per second", "每秒变化量（绝对值）"),
        ["outside"] = new("below the first or above the second setpoint", "低于第一个或高于第二个设定值"),
        ["holds"] = new("the value is true", "表达式为真"),
        ["stuck"] = new("the reading does not change", "读数不变"),
        ["saturated"] = new("the reading stands at an end of its range", "读数停在量程端点"),
        ["all"] = new("all of the rules see it", "所列规则全部成立"),
        ["any"] = new("one of the rules sees it", "所列规则任一成立"),
        ["none"] = new("none of the rules sees it", "所列规则均不成立"),
        ["atLeast"] = new("so many of the rules see it", "至少若干条规则成立"),
        ["sequence"] = new("the rules see it one after the other", "所列规则依次成立"),
        ["missing"] = new("no data for so long", "持续无数据"),
        ["detector"] = new("unlike itself", "偏离自身常态"),
        ["state"] = new("several metrics together are unlike the machine's normal state", "多个指标综合偏离设备常态"),
        ["model"] = new("a learned model's probability", "模型给出的概率"),
        ["event"] = new("the device reports it", "设备上报的事件"),
    };

    public static LocalizedText? Of(string key) => Keys.GetValueOrDefault(key);
    public static LocalizedText? OfCondition(string word) => ConditionWords.GetValueOrDefault(word);
}
