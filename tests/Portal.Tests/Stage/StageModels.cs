using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Learning;
using Seamless.Learning.Live;
using Seamless.Learning.Training;
using Seamless.Learning.Trials;

namespace Seamless.Portal.Tests.Stage;

/// <summary>The real registry on a directory of the stage's own: a failure model in force, a worse one and one for remaining life beside it, a table, and what was said of pump-004.</summary>
internal static class StageModels
{
    public const string InForce = "pump-failure@91ab22c0-7", Worse = "pump-failure@77fe01d3-7", Life = "pump-life@c0ffee11-1", Challenger = "pump-life@c0ffee22-1";

    public static IServiceCollection AddStageModels(this IServiceCollection services)
    {
        var directory = Directory.CreateTempSubdirectory("seamless-stage-").FullName;
        Write(directory, InForce, "failure", "2026-06-01T08:00:00Z", Labels(falseAlarmRate: 0.012, calibration: 0.014, prAuc: 0.881));
        Write(directory, Worse, "failure", "2026-07-01T08:00:00Z", Labels(falseAlarmRate: 0.061, calibration: 0.041, prAuc: 0.893));
        Write(directory, Life, "rul", "2026-08-01T08:00:00Z", LifeReport);
        Write(directory, Challenger, "rul", "2026-09-01T08:00:00Z", LifeReport);
        return services.AddLearning(options => options.Directory = Path.Combine(directory, "models"));
    }

    /// <summary>A table to choose columns of, and verdicts on a device's page.</summary>
    public static async Task<string> FurnishAsync(IServiceProvider services)
    {
        var models = services.GetRequiredService<IModelRegistry>();
        var verdicts = services.GetRequiredService<LatestVerdicts>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        verdicts.Put("default/pump-004", new LatestVerdict(models.Find(InForce)!, now, new Verdict(0.83, null, new Dictionary<string, double> { ["bearing"] = 0.79, ["seal"] = 0.06 }, new Dictionary<string, double>())));
        verdicts.Put("default/pump-004", new LatestVerdict(models.Find(Life)!, now, new Verdict(0.41, (19, 34, 52), new Dictionary<string, double>(), new Dictionary<string, double>())
        { Doubt = "it is unlike all machines trained on; most in vibration" }));
        models.Shadow(Challenger, "li", "trained on twice the machines");
        Try(services.GetRequiredService<TrialBook>(), models);
        var table = new StringBuilder("pump,hour,vibration,bearingTemperature,failed,bearing,seal,grade\n");
        for (var row = 0; row < 60; row++) table.Append(System.Globalization.CultureInfo.InvariantCulture, $"p{row / 20},{row % 20},{1.5 + row * 0.01},{55 + row % 7},{(row % 9 == 0 ? 1 : 0)},{(row % 18 == 0 ? 1 : 0)},{(row % 27 == 0 ? 1 : 0)},a\n");
        var added = await services.GetRequiredService<ITrainingFiles>().AddAsync("default", "li", "pumps-2026.csv", new MemoryStream(Encoding.UTF8.GetBytes(table.ToString())), CancellationToken.None);
        return added.Value!.Id;
    }

    /// <summary>Four machines that ended and one that runs; the challenger calls too early.</summary>
    private static void Try(TrialBook book, IModelRegistry models)
    {
        var trial = book.Between(models.Find(Life)!, models.Find(Challenger)!);
        var start = new DateTimeOffset(2026, 9, 2, 0, 0, 0, TimeSpan.Zero);
        for (var machine = 1; machine <= 5; machine++)
        {
            var life = 150 + 20 * machine;
            for (var row = 1; row <= life; row++)
            {
                var left = life - row;
                trial.Observe($"default/pump-00{machine}", start.AddHours(row).ToUnixTimeMilliseconds(), Says(left + 4), Says(left is > 90 and < 110 ? 20 : left + 9));
            }
            if (machine < 5) book.Confirm("pump-life", $"default/pump-00{machine}", start.AddHours(life), start.AddHours(life + 3));
        }
        static Verdict Says(double left) => new(left <= 30 ? 0.9 : 0.03, (left - 9, left, left + 9), new Dictionary<string, double>(), new Dictionary<string, double>());
    }

    internal static void Write(string directory, string id, string kind, string trainedAt, string report)
    {
        var (name, version) = (id.Split('@')[0], id.Split('@')[1]);
        var folder = Directory.CreateDirectory(Path.Combine(directory, "models", name, version)).FullName;
        var settings = kind is "rul" ? """{"unit":"pump","time":"hour","cap":"125","horizon":"30"}""" : """{"label":"failed","modes":"bearing, seal"}""";
        var data = kind is "rul" ? """{"rows":20631,"columns":5,"machines":100,"shortestLife":128,"longestLife":362}""" : """{"rows":10000,"columns":8}""";
        File.WriteAllText(Path.Combine(folder, "model.json"), $$"""
            {"kind":"{{kind}}","name":"{{name}}","version":"{{version}}","features":["vibration","bearingTemperature","motorCurrent"],"trainedAt":"{{trainedAt}}","seed":7,"dataHash":"91ab22c0de4417aa",
             "columns":{},"horizon":30,"report":{{report}},"codeVersion":"0.1.0+aef93c0755b4","settings":{{settings}},"data":{{data}},"parent":{{(id == Worse ? $"\"{InForce}\"" : "null")}}}
            """);
    }

    internal static string Labels(double falseAlarmRate, double calibration, double prAuc) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $$$"""
        {"protocol":"5-fold cross-validation; the failure is the noisy-or of its modes","rows":10000,"folds":5,
         "labels":{"failed":{"rows":10000,"positives":339,"prAuc":{{{prAuc}}},"f1":0.861,"precision":0.902,"recall":0.823,"brier":0.0081,"calibration":{{{calibration}}}},
                   "bearing":{"rows":10000,"positives":212,"prAuc":0.94,"f1":0.91,"precision":0.93,"recall":0.89,"brier":0.004,"calibration":0.005} },
         "excluded":{"pump":"an id: it names the row","failed":"the label"},
         "reliability":{"failed":{"falseAlarmRate":{{{falseAlarmRate}}},"recallAtOnePercent":0.871,"points":[{"said":0.01,"seen":0.008,"rows":9210},{"said":0.14,"seen":0.19,"rows":212},{"said":0.26,"seen":0.22,"rows":121},{"said":0.47,"seen":0.55,"rows":83},{"said":0.71,"seen":0.64,"rows":94},{"said":0.96,"seen":0.98,"rows":280}]},
                        "bearing":{"falseAlarmRate":0.002,"recallAtOnePercent":0.95,"points":[{"said":0.01,"seen":0.01,"rows":9700},{"said":0.5,"seen":0.42,"rows":90},{"said":0.97,"seen":0.98,"rows":210}]} } }
        """);

    private const string LifeReport = """
        {"protocol":"cross-validation over whole units","method":"trees","units":100,"rows":20631,"conditions":1,"cap":125,"rmse":11.9,"rmseStandardError":0.6,"mae":8.4,"rmseNearEnd":5.1,"coverage90":0.896,
         "rmseRaw":38.2,"calibration":0.012,"horizon":30,"falseAlarmRate":0.011,"recall":0.93,
         "reliability":[{"said":0.1,"seen":0.11,"rows":20631},{"said":0.2,"seen":0.2,"rows":20631},{"said":0.3,"seen":0.31,"rows":20631},{"said":0.4,"seen":0.4,"rows":20631},{"said":0.5,"seen":0.49,"rows":20631},{"said":0.6,"seen":0.6,"rows":20631},{"said":0.7,"seen":0.71,"rows":20631},{"said":0.8,"seen":0.8,"rows":20631},{"said":0.9,"seen":0.89,"rows":20631}]}
        """;
}
