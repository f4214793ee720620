using System.Globalization;

namespace Seamless.Rules.Packs.Files;

/// <summary>Reads <c>parts.csv</c>: RFC 4180, with a header line.</summary>
internal static class PartsReader
{
    private static readonly string[] Columns =
    [
        "sku", "titleEn", "titleZh", "criticality", "class", "leadTimeDays", "unitCost", "currency", "types", "supersedes",
        "starterNational", "starterCentral", "starterRegional",
    ];

    public static IReadOnlyList<PartDefinition> Read(string file, string text, List<PackProblem> problems)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var header = Fields(lines[0]);
        if (!header.SequenceEqual(Columns))
        {
            problems.Add(new PackProblem(file, 1, 1, "the header is not right", string.Join(',', Columns)));
            return [];
        }
        var parts = new List<PartDefinition>();
        for (var i = 1; i < lines.Length; i++)
            if (lines[i].Length > 0 && new Row(file, i + 1, Fields(lines[i]), problems).Read() is { } part) parts.Add(part);
        return parts;
    }

    private sealed class Row(string file, int line, List<string> fields, List<PackProblem> problems)
    {
        public PartDefinition? Read()
        {
            if (fields.Count != Columns.Length)
            {
                problems.Add(new PackProblem(file, line, 1, $"{fields.Count} fields instead of {Columns.Length}", string.Join(',', Columns)));
                return null;
            }
            return new PartDefinition(
                Text(0), new LocalizedText(Text(1), Text(2)), Letter(3, "VED"), Letter(4, "ABC"), Whole(5), Cost(6), Text(7),
                Text(8).Split(' ', StringSplitOptions.RemoveEmptyEntries), fields[9].Length == 0 ? null : fields[9], (Whole(10), Whole(11), Whole(12)));
        }

        private string Text(int column)
        {
            if (fields[column].Length == 0) Problem(column, "is empty", null);
            return fields[column];
        }

        private char Letter(int column, string letters)
        {
            if (fields[column].Length == 1 && letters.Contains(fields[column][0], StringComparison.Ordinal)) return fields[column][0];
            Problem(column, $"is '{fields[column]}'", $"one of {string.Join(", ", letters.AsEnumerable())}");
            return letters[^1];
        }

        private int Whole(int column)
        {
            if (int.TryParse(fields[column], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
            Problem(column, $"is '{fields[column]}'", "a whole number, at least 0");
            return 0;
        }

        private decimal Cost(int column)
        {
            if (decimal.TryParse(fields[column], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cost)) return cost;
            Problem(column, $"is '{fields[column]}'", "an amount such as 86.00");
            return 0;
        }

        private void Problem(int column, string message, string? suggestion) =>
            problems.Add(new PackProblem(file, line, fields.Take(column).Sum(f => f.Length + 1) + 1, $"'{Columns[column]}' {message}", suggestion));
    }

    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (quoted && line[i] == '"' && i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
            else if (line[i] == '"') quoted = !quoted;
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else field.Append(line[i]);
        }
        fields.Add(field.ToString());
        return fields;
    }
}
