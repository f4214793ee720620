namespace Seamless.Learning.RemainingLife;

/// <summary>Finds the operating conditions in run-to-failure data, or that there is only one.</summary>
internal static class ConditionSearch
{
    private const int MostClusters = 12;
    private const int MostConditions = 24;
    private const int FewestRows = 20;

    /// <summary>Share of a column's range that parts two clusters.</summary>
    private const double Gap = 0.02;

    /// <summary>Share of a column's variance that may remain within its clusters: a setting is held, a sensor moves with wear.</summary>
    private const double Within = 1e-5;

    /// <summary>How much the clusters' shares may differ between the first and the second half of lives.</summary>
    private const double AgeShift = 0.1;

    /// <summary>Share of another column's variance that lies between the clusters of one that matters.</summary>
    private const double Explained = 0.5;

    /// <returns>Null when all rows were taken at one condition.</returns>
    public static OperatingConditions? Find(IReadOnlyList<string> columns, IReadOnlyList<UnitLife> lives)
    {
        double[][] rows = [.. lives.SelectMany(l => l.Rows)];
        var candidates = Enumerable.Range(0, columns.Count)
            .Select(c => (Column: c, Setting: Clusters(columns[c], rows, c))).Where(c => c.Setting is not null)
            .Select(c => (c.Column, Setting: c.Setting!))   // those without were left out in the line above
            .Where(c => KeepsWithAge(c.Setting, lives, c.Column) && Matters(c.Setting, rows, c.Column, columns.Count))
            .OrderByDescending(c => c.Setting.Lows.Count).ThenBy(c => c.Column);
        var chosen = new List<(int Column, Setting Setting)>();
        var known = new List<int[]>();
        foreach (var candidate in candidates)
        {
            var wider = Combinations([.. chosen, candidate], rows);
            // A further setting is taken only where it parts what the ones before it leave together.
            if (wider.Count <= known.Count || wider.Count > MostConditions) continue;
            chosen.Add(candidate);
            known = wider;
        }
        return known.Count > 1 ? new OperatingConditions([.. chosen.Select(c => c.Setting)], known) : null;
    }

    private static Setting? Clusters(string column, double[][] rows, int c)
    {
        var sorted = rows.Select(row => row[c]).Where(double.IsFinite).Order().ToArray();
        if (sorted.Length == 0 || sorted[^1] <= sorted[0]) return null;
        var gap = Gap * (sorted[^1] - sorted[0]);
        var (lows, highs, narrowest) = (new List<double> { sorted[0] }, new List<double>(), double.MaxValue);
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] - sorted[i - 1] <= gap) continue;
            narrowest = Math.Min(narrowest, sorted[i] - sorted[i - 1]);
            highs.Add(sorted[i - 1]);
            lows.Add(sorted[i]);
            if (lows.Count > MostClusters) return null;
        }
        highs.Add(sorted[^1]);
        var setting = new Setting(column, lows, highs, narrowest / 4);
        return lows.Count > 1 && BetweenShare(setting, rows, c, c) >= 1 - Within ? setting : null;
    }

    private static bool KeepsWithAge(Setting setting, IReadOnlyList<UnitLife> lives, int c)
    {
        var shares = new double[2, setting.Lows.Count];
        var rows = new double[2];
        foreach (var life in lives)
            for (var i = 0; i < life.Rows.Count; i++)
            {
                if (setting.ClusterOf(life.Rows[i][c]) is var cluster && cluster < 0) continue;
                var half = 2 * i / life.Rows.Count;
                shares[half, cluster]++;
                rows[half]++;
            }
        if (rows[0] == 0 || rows[1] == 0) return false;
        return Enumerable.Range(0, setting.Lows.Count).Sum(k => Math.Abs(shares[0, k] / rows[0] - shares[1, k] / rows[1])) / 2 <= AgeShift;
    }

    private static bool Matters(Setting setting, double[][] rows, int c, int columns)
    {
        var others = Enumerable.Range(0, columns).Where(o => o != c).ToArray();
        return others.Length > 0 && others.Count(o => BetweenShare(setting, rows, c, o) >= Explained) * 2 >= others.Length;
    }

    /// <summary>Share of the variance of <paramref name="column"/> that lies between the clusters of the setting in <paramref name="by"/>.</summary>
    private static double BetweenShare(Setting setting, double[][] rows, int by, int column)
    {
        var sums = new (double N, double Sum)[setting.Lows.Count];
        double n = 0, sum = 0, squares = 0;
        var origin = rows.Select(row => row[column]).FirstOrDefault(double.IsFinite);   // large offsets would cost digits
        foreach (var row in rows)
        {
            if (!double.IsFinite(row[column]) || setting.ClusterOf(row[by]) is var cluster && cluster < 0) continue;
            var value = row[column] - origin;
            (n, sum, squares) = (n + 1, sum + value, squares + value * value);
            sums[cluster] = (sums[cluster].N + 1, sums[cluster].Sum + value);
        }
        var total = squares - sum * sum / Math.Max(1, n);
        return total <= 0 ? 0 : (sums.Where(s => s.N > 0).Sum(s => s.Sum * s.Sum / s.N) - sum * sum / n) / total;
    }

    private static List<int[]> Combinations(IReadOnlyList<(int Column, Setting Setting)> chosen, double[][] rows) =>
        [.. rows.Select(row => chosen.Select(c => c.Setting.ClusterOf(row[c.Column])).ToArray())
            .Where(clusters => clusters.All(k => k >= 0))
            .GroupBy(clusters => string.Join(' ', clusters)).Where(g => g.Count() >= FewestRows)
            .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.First())];
}
