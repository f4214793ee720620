using Seamless.Rules.Engine;
using Seamless.Rules.Packs;

namespace Seamless.Portal.Commands.Loads;

/// <summary>Ten rules as a real pack has them, for the load on the rules.</summary>
internal static class RulesPack
{
    private const string Head = """
        pack: bench
        version: 1.0.0
        title: { en: Bench, zh-CN: 测试 }
        metrics:
          bearingTemperature: { title: { en: Bearing temperature, zh-CN: 轴承温度 }, unit: °C }
          vibration: { title: { en: Vibration, zh-CN: 振动 }, unit: mm/s }
          motorCurrent: { title: { en: Motor current, zh-CN: 电机电流 }, unit: A }
          dischargePressure: { title: { en: Discharge pressure, zh-CN: 出口压力 }, unit: bar }
          suctionPressure: { title: { en: Suction pressure, zh-CN: 入口压力 }, unit: bar }
        """;

    private static readonly string[] Conditions =
    [
        "metric: bearingTemperature, condition: high, setpoint: 90 °C, deadband: 5, onDelay: 10s, offDelay: 20s",
        "metric: bearingTemperature, condition: high, setpoint: 105 °C, deadband: 5, onDelay: 5s",
        "metric: vibration, condition: high, setpoint: 4.5 mm/s, deadband: 0.5, onDelay: 60s, offDelay: 60s",
        "metric: vibration, condition: high, setpoint: 7.1 mm/s, deadband: 0.6, onDelay: 30s",
        "metric: motorCurrent, condition: outside, setpoint: [2 A, 34 A], deadband: 1, onDelay: 60s",
        "metric: dischargePressure, condition: low, setpoint: 4.8 bar, deadband: 0.2, onDelay: 60s",
        "metric: suctionPressure, condition: low, setpoint: 0.7 bar, deadband: 0.05, onDelay: 30s",
        "value: (dischargePressure - suctionPressure) / motorCurrent, condition: low, setpoint: 0.1, deadband: 0.01",
        "value: 'mean(vibration, 1m)', condition: high, setpoint: 3.5 mm/s, deadband: 0.2",
        "condition: all, of: [r0, r2], onDelay: 10s",
    ];

    public static CompiledPack Read(string directory)
    {
        var folder = Path.Combine(directory, "packs", "bench");
        Directory.CreateDirectory(Path.Combine(folder, "rules"));
        File.WriteAllText(Path.Combine(folder, "pack.yaml"), Head);
        File.WriteAllText(Path.Combine(folder, "faults.yaml"), "symptoms: { seen: { title: { en: Seen, zh-CN: 症状 }, leak: 0.01 } }\n");
        File.WriteAllText(Path.Combine(folder, "rules", "rules.yaml"), "rules:\n" + string.Concat(Conditions.Select((condition, i) =>
            $"  - {{ id: r{i}, title: {{ en: Rule, zh-CN: 规则 }}, {condition}, severity: medium, symptom: seen, mode: UNK, message: {{ en: Seen, zh-CN: 症状 }} }}\n")));
        return new CompiledPack(new PackDirectory(Path.Combine(directory, "packs"), null).Find("bench")!);
    }
}
