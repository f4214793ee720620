using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Registry;
using Seamless.Learning;
using Seamless.Learning.Training;
using Seamless.Rules.Alarms;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Alarms.Performance;
using Seamless.Rules.Backtests;
using Seamless.Rules.Engine;
using Seamless.Rules.Evaluation;
using Seamless.Rules.Labels;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Testing;
using Seamless.Rules.Training;
using Seamless.Rules.Versions;
using Seamless.Rules.Workbench;
using Seamless.Storage.Log;
using Seamless.Storage.Operations;
using Seamless.Storage.TimeSeries;

namespace Seamless.Rules;

/// <summary>Registers the rules room: packs, engine, alarms, diagnosis, backtests.</summary>
public static class RulesServices
{
    /// <remarks>Needs the storage, fleet and learning rooms, a <see cref="TimeProvider"/>, and an <see cref="IReviewers"/> who knows the people. A broken pack throws when <see cref="IPacks"/> is first resolved.</remarks>
    public static IServiceCollection AddRules(this IServiceCollection services, Action<RulesOptions>? configure = null)
    {
        services.AddOptions<RulesOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RulesOptions>, RulesOptionsValidator>();
        services.AddPooledDbContextFactory<RulesContext>((provider, options) => provider.GetRequiredService<OperationsDatabase>().Configure(options, RulesContext.Room));
        services.AddSingleton<IRoomDatabase, RulesDatabase>();
        services.AddSingleton(provider => new PackDirectory(
            provider.GetRequiredService<IOptions<RulesOptions>>().Value.FindPacksDirectory(),
            Path.Combine(provider.GetRequiredService<OperationsDatabase>().DataDirectory, "rules", "packs")));
        services.AddSingleton<IPacks>(provider => provider.GetRequiredService<PackDirectory>());
        services.AddSingleton<IEquipmentCatalog, EquipmentCatalog>();
        services.AddSingleton<MaintenanceCalendar>();
        services.AddSingleton<MaintenanceOrders>();
        services.AddSingleton<MaintenanceBook>();
        services.AddSingleton<IMaintenance>(provider => provider.GetRequiredService<MaintenanceBook>());
        services.AddSingleton<AlarmBook>();
        services.AddSingleton<IAlarms>(provider => provider.GetRequiredService<AlarmBook>());
        services.AddSingleton<IAlarmPerformance, PerformanceJournal>();
        services.AddSingleton<IConfirmedOutcomes, AlarmOutcomes>();
        services.AddSingleton<LabelBook>();
        services.AddSingleton<ILabels>(provider => provider.GetRequiredService<LabelBook>());
        services.AddSingleton<ITrainingHistory, HistoryTables>();
        services.AddSingleton<ThresholdProposals>();
        services.AddSingleton<IEvaluation, EvaluationBook>();
        services.AddSingleton<RulesInForce>();
        services.AddSingleton<RuleStages>();
        services.AddSingleton<StageReports>();
        services.AddSingleton<StageLedger>();
        services.AddSingleton<RuleVersionBook>();
        services.AddSingleton<IRuleVersions>(provider => provider.GetRequiredService<RuleVersionBook>());
        services.AddSingleton<IRuleWorkbench, RuleWorkbench>();
        services.AddSingleton(provider => new PlatformAlarms(provider.GetRequiredService<AlarmBook>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DescribedFaults>();
        services.AddSingleton<Backtest>();
        services.AddSingleton<IRuleBook, RuleBook>();
        services.AddSingleton<IBacktestRuns, BacktestRuns>();
        services.AddSingleton(Engine);
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<RuleEngine>());
        services.AddSingleton<StageWatch>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<StageWatch>());
        services.AddHostedService<PlatformFaults>();
        services.AddSingleton<MaintenanceNews>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<MaintenanceNews>());
        return services;
    }

    private static RuleEngine Engine(IServiceProvider provider) => new(
        provider.GetRequiredService<ITelemetryLog>(), provider.GetRequiredService<IDeviceRegistry>(), provider.GetRequiredService<PackDirectory>(),
        provider.GetRequiredService<RuleStages>(), provider.GetRequiredService<IModels>(), provider.GetRequiredService<AlarmBook>(), provider.GetRequiredService<OperationsDatabase>(),
        provider.GetRequiredService<IOptions<RulesOptions>>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RuleEngine>>());
}
