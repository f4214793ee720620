using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Seamless.Rules.Backtests;
using Seamless.Rules.Labels;
using Seamless.ServiceDesk.Commerce;
using Seamless.ServiceDesk.Care;
using Seamless.ServiceDesk.Continuity;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Customers.Correspondence;
using Seamless.ServiceDesk.Customers.Figures;
using Seamless.ServiceDesk.Customers.Questionnaires;
using Seamless.ServiceDesk.Customers.Ratings;
using Seamless.ServiceDesk.Customers.Requests;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Dispatch;
using Seamless.ServiceDesk.Dispatch.Technicians;
using Seamless.ServiceDesk.Evidence;
using Seamless.ServiceDesk.Evidence.Sources;
using Seamless.ServiceDesk.Impacts;
using Seamless.ServiceDesk.Journeys;
using Seamless.ServiceDesk.Knowledge;
using Seamless.ServiceDesk.Knowledge.Articles;
using Seamless.ServiceDesk.Knowledge.Context;
using Seamless.ServiceDesk.Knowledge.Guidance;
using Seamless.ServiceDesk.Knowledge.Supervision;
using Seamless.ServiceDesk.Knowledge.Support;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Channels;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Notifications.Recipients;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.ServiceDesk.Parts.Counting;
using Seamless.ServiceDesk.Parts.Custody;
using Seamless.ServiceDesk.Parts.BackOrders;
using Seamless.ServiceDesk.Parts.Planning;
using Seamless.ServiceDesk.Parts.Repairs;
using Seamless.ServiceDesk.Parts.Promises;
using Seamless.ServiceDesk.Parts.Resupply;
using Seamless.ServiceDesk.PastCases;
using Seamless.ServiceDesk.Reliability;
using Seamless.ServiceDesk.Remedies;
using Seamless.ServiceDesk.Schedule;
using Seamless.ServiceDesk.Sessions;
using Seamless.ServiceDesk.Sla;
using Seamless.ServiceDesk.Tickets;
using Seamless.Storage.Operations;

namespace Seamless.ServiceDesk;

public static class Registration
{
    /// <summary>The whole desk. Needs from the other rooms: IAlarms, IPacks, ICommands, IDeviceRegistry, IAudit, OperationsDatabase, TimeProvider; for mystery checks ITelemetryLog, DescribedFaults, PlatformAlarms.</summary>
    public static IServiceCollection AddServiceDesk(this IServiceCollection services, Action<ServiceDeskOptions>? configure = null)
    {
        services.AddOptions<ServiceDeskOptions>().Configure(options => configure?.Invoke(options)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        // Pooled: a beat opens many short contexts, and a context of its own pays for a connection each time.
        services.AddPooledDbContextFactory<DeskContext>((provider, options) => provider.GetRequiredService<OperationsDatabase>().Configure(options, DeskDatabase.Name));
        services.AddSingleton<IRoomDatabase, DeskDatabase>();
        services.AddSingleton<Workbench>().AddSingleton<DeskSignals>();

        services.AddSingleton<Ladder>().AddSingleton<Guards>().AddSingleton<AlarmFollower>();
        services.AddSingleton<IAutomationSwitch, AutomationSwitch>().AddSingleton<IRemedies, RemedyBook>();
        services.AddSingleton<Agreements>().AddSingleton<IAgreements>(provider => provider.GetRequiredService<Agreements>());
        services.AddSingleton<TicketOpening>().AddSingleton<TicketClocks>().AddSingleton<TicketActions>().AddSingleton<ITickets, TicketBook>();
        services.AddSingleton<IConfirmedOutcomes, TicketOutcomes>().AddSingleton<IClosures, TicketClosures>();
        services.AddSingleton<Logistics>().AddSingleton<Dispatcher>();
        AddParts(services);
        services.AddSingleton<Laterals>().AddSingleton<BackOrderDesk>().AddSingleton<IBackOrders, BackOrderBook>().AddSingleton<IReliability, ReliabilityBook>();
        services.AddSingleton<PromiseDesk>().AddSingleton<IPromises, PromiseBook>();
        services.AddSingleton<JobBook>().AddSingleton<Replanning>().AddSingleton<ITechnicians, TechnicianBook>().AddSingleton<ISkillGaps, SkillGaps>().AddSingleton<IDispatch, DispatchDesk>();
        services.AddSingleton<Confirmations>().AddSingleton<SignatureReader>();
        services.AddSingleton<CaseLibrary>().AddSingleton<ISimilarCases>(provider => provider.GetRequiredService<CaseLibrary>());
        services.AddHostedService<CaseLibraryWarmUp>();
        services.AddSingleton<IKpis, Scoreboard>().AddSingleton<IEventLog, EventLog>().AddSingleton<IRanking, RankingBook>();
        services.AddSingleton<MysteryTickets>().AddSingleton<MysteryShopper>().AddSingleton<IMysteryChecks, MysteryChecks>();
        services.AddSingleton<ComplaintBook>().AddSingleton<IComplaints>(provider => provider.GetRequiredService<ComplaintBook>());
        services.AddSingleton<RequestBook>().AddSingleton<ICustomerRequests>(provider => provider.GetRequiredService<RequestBook>());
        services.AddSingleton<Senders>().AddSingleton<ThreadReading>().AddSingleton<ReplyDesk>().AddSingleton<ICorrespondence, CorrespondenceBook>();
        services.AddSingleton<IRatings, RatingBook>().AddSingleton<IQuestionnaires, QuestionnaireBook>();
        services.AddSingleton<ICustomerFigures, VoiceBoard>().AddSingleton<ICustomerDoor, CustomerDoor>();
        services.AddCommerce();
        AddKnowledge(services);
        services.AddSingleton<SessionCommands>().AddSingleton<SessionClock>().AddSingleton<ISessions, SessionBook>().AddSingleton<ISessionDoor, SessionDoor>().AddSingleton<IEvidenceSource, SessionEvidence>();
        services.AddSingleton<TeamWatch>().AddSingleton<ITeams, TeamBook>();
        services.AddSingleton<IServiceDesk, Desk>();
        services.AddCare();
        services.AddSingleton<IImpacts, ImpactBook>().AddSingleton<IJourneys, JourneyBook>();
        AddEvidence(services);
        AddNotifications(services);

        var chosen = new ServiceDeskOptions();
        configure?.Invoke(chosen);
        if (chosen.Heartbeat is Heartbeat.Quartz)
        {
            Scheduler.AddTo(services);
            services.AddHostedService<SenderLoop>();
        }
        return services;
    }

    private static void AddParts(IServiceCollection services)
    {
        services.AddSingleton<Network>().AddSingleton<IPartsNetwork>(provider => provider.GetRequiredService<Network>());
        services.AddSingleton<SupplyMaps>().AddSingleton<Replenishment>().AddSingleton<IResupply, ResupplyBook>();
        services.AddSingleton<DemandBook>().AddSingleton<IStockPlans, StockPlans>().AddSingleton<INightlyPlan, NightlyPlan>().AddSingleton<IForecasts, Forecasts>().AddSingleton<IKits, Kits>();
        if (services.All(s => s.ServiceType != typeof(ICarrier)))
            foreach (var (id, terms) in ScheduledCourier.BuiltIns) services.AddSingleton<ICarrier>(_ => new ScheduledCourier(id, terms));
        services.AddSingleton<CarrierDesk>().AddSingleton<Deliveries>().AddSingleton<ICarriers, CarrierBook>();
        services.AddSingleton<CompatibilityBook>().AddSingleton<ICompatibility>(provider => provider.GetRequiredService<CompatibilityBook>());
        services.AddSingleton<CustodySeal>().AddSingleton<UnitActions>().AddSingleton<HandOvers>().AddSingleton<CustodyWatch>().AddSingleton<ICustody, CustodyBook>().AddSingleton<IStockCounts, CountDesk>();
        services.AddSingleton<ReturnNotes>().AddSingleton<ReturnDesk>().AddSingleton<AdvanceReturns>().AddSingleton<PartRequests>();
        services.AddSingleton<RepairDesk>().AddSingleton<IRepairs, RepairBook>();
    }

    private static void AddEvidence(IServiceCollection services)
    {
        services.AddSingleton<EvidenceKey>().AddSingleton<IEvidence, EvidenceBook>();
        services.AddSingleton<IEvidenceSource, CaseEvidence>().AddSingleton<IEvidenceSource, PartsEvidence>().AddSingleton<IEvidenceSource, VoiceEvidence>();
        services.AddSingleton<IEvidenceSource, PromiseEvidence>().AddSingleton<IEvidenceSource, LogEvidence>().AddSingleton<IEvidenceSource, TelemetryEvidence>();
    }

    private static void AddKnowledge(IServiceCollection services)
    {
        services.AddSingleton<ClosingArticle>().AddSingleton<ArticleBook>();
        services.AddSingleton<IArticles>(provider => provider.GetRequiredService<ArticleBook>()).AddSingleton<IKnowledgePolicies>(provider => provider.GetRequiredService<ArticleBook>());
        services.AddSingleton<IGuidance, GuidanceBook>().AddSingleton<IContextCards, ContextDesk>();
        services.AddSingleton<SupportReleases>().AddSingleton<ISupportDoor, SupportDesk>().AddSingleton<ISupervision, SupervisionDesk>();
    }

    private static void AddNotifications(IServiceCollection services)
    {
        services.AddSingleton<RecipientShelf>().AddSingleton<AddressVault>().AddSingleton<OutboxWriter>().AddSingleton<OutboxSignal>().AddSingleton<SendQuota>().AddSingleton<HttpPost>();
        services.AddSingleton<IChannel, Webhook>().AddSingleton<IChannel, Wecom>().AddSingleton<IChannel, Dingtalk>().AddSingleton<IChannel, Feishu>();
        services.AddSingleton<IChannel, Teams>().AddSingleton<IChannel, Slack>().AddSingleton<IChannel, Email>().AddSingleton<IChannel, Sms>();
        services.AddSingleton<OutboxSender>().AddSingleton<IOutboxSender>(provider => provider.GetRequiredService<OutboxSender>());
        services.AddSingleton<INotifications, NotificationBook>();
    }
}
