namespace Seamless.Rules.Packs;

/// <summary>A pack to begin with: small, whole, and passing its own tests.</summary>
public static class PackTemplate
{
    /// <summary>Writes the pack into a new folder, named after the equipment type.</summary>
    /// <returns>The files written, relative to the folder.</returns>
    /// <exception cref="IOException">The folder has something in it already.</exception>
    public static IReadOnlyList<string> Write(string directory)
    {
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any()) throw new IOException($"{directory} is not empty");
        var type = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        foreach (var (file, text) in Files)
        {
            var path = Path.Combine(directory, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text.Replace("TYPE", type, StringComparison.Ordinal));
        }
        return [.. Files.Select(file => file.Name)];
    }

    private static readonly (string Name, string Text)[] Files =
    [
        ("pack.yaml", """
            # What this equipment measures. Every unit has one spelling; range is what is physically possible.
            pack: TYPE
            version: 0.1.0
            title: { en: TYPE, zh-CN: TYPE }
            metrics:
              temperature: { title: { en: Temperature, zh-CN: 温度 }, unit: °C, range: [-40, 150] }
              running: { title: { en: Running, zh-CN: 运行中 }, type: boolean }

            """),
        ("rules/limits.yaml", """
            # When a symptom is there. The language: docs/reference/rule-language.md
            rules:
              - id: temperature-high
                title: { en: Temperature high, zh-CN: 温度高 }
                metric: temperature
                condition: high
                setpoint: 80 °C
                deadband: 5
                onDelay: 1m
                offDelay: 1m
                severity: high
                symptom: hot
                mode: OHE
                when: running
                message: { en: Temperature above its limit, zh-CN: 温度超过限值 }
                source: "practice: name the standard or the data sheet here"

            """),
        ("faults.yaml", """
            # What can be wrong, what it shows, and what helps (FMECA).
            symptoms:
              hot: { title: { en: Hot, zh-CN: 过热 }, leak: 0.001 }
            faults:
              - code: cooling-blocked
                title: { en: Cooling blocked, zh-CN: 冷却受阻 }
                class: HW
                mechanism: 5.1 Blockage/plugged
                cause: Expected wear and tear
                prior: 0.02
                symptoms: { hot: 0.9 }
                remedies:
                  - action: { en: Clean the cooling fins, zh-CN: 清洁散热片 }
                    skill: mechanical
                    minutes: 30

            """),
        ("tests/faults.yaml", """
            # Described telemetry and what must come of it: seamless pack test
            tests:
              - name: A healthy machine raises nothing
                duration: 1h
                signals: { temperature: 60, running: 1 }
                noise: { temperature: 0.5 }
                expect: []
              - name: Blocked cooling makes it hot
                duration: 30m
                signals: { temperature: { 0s: 60, 5m: 60, 15m: 95 }, running: 1 }
                expect:
                  - { rule: temperature-high, cause: cooling-blocked, severity: high, active: true, after: 10m, before: 13m }

            """),
    ];
}
