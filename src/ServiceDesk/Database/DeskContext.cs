using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Commerce;
using Seamless.ServiceDesk.Commerce.Contracts;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Commerce.Quotes;
using Seamless.ServiceDesk.Care;
using Seamless.ServiceDesk.Care.Checklists;
using Seamless.ServiceDesk.Care.Contacts;
using Seamless.ServiceDesk.Care.Plans;
using Seamless.ServiceDesk.Care.Queue;
using Seamless.ServiceDesk.Care.Tips;
using Seamless.ServiceDesk.Care.Visits;
using Seamless.ServiceDesk.Continuity;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Customers.Correspondence;
using Seamless.ServiceDesk.Customers.Figures;
using Seamless.ServiceDesk.Customers.Questionnaires;
using Seamless.ServiceDesk.Customers.Ratings;
using Seamless.ServiceDesk.Customers.Requests;
using Seamless.ServiceDesk.Dispatch.Technicians;
using Seamless.ServiceDesk.Knowledge;
using Seamless.ServiceDesk.Knowledge.Articles;
using Seamless.ServiceDesk.Knowledge.Guidance;
using Seamless.ServiceDesk.Knowledge.Supervision;
using Seamless.ServiceDesk.Knowledge.Support;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Notifications.Recipients;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.ServiceDesk.Parts.Custody;
using Seamless.ServiceDesk.Parts.Planning;
using Seamless.ServiceDesk.Parts.Repairs;
using Seamless.ServiceDesk.Parts.Promises;
using Seamless.ServiceDesk.Parts.Resupply;
using Seamless.ServiceDesk.Remedies;
using Seamless.ServiceDesk.Sessions;
using Seamless.ServiceDesk.Sla;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Database;

/// <summary>The desk's tables, all prefixed <c>desk_</c>. One SaveChanges is one transaction: what belongs together is saved together.</summary>
internal sealed class DeskContext(DbContextOptions<DeskContext> options) : DbContext(options)
{
    public DbSet<FollowerRow> Followers => Set<FollowerRow>();
    public DbSet<SettingRow> Settings => Set<SettingRow>();
    public DbSet<CaseRow> Cases => Set<CaseRow>();
    public DbSet<RemedyRunRow> RemedyRuns => Set<RemedyRunRow>();
    public DbSet<TicketRow> Tickets => Set<TicketRow>();
    public DbSet<TimelineRow> Timeline => Set<TimelineRow>();
    public DbSet<PartLineRow> PartLines => Set<PartLineRow>();
    public DbSet<DepotRow> Depots => Set<DepotRow>();
    public DbSet<UnitRow> Units => Set<UnitRow>();
    public DbSet<UnitMoveRow> UnitMoves => Set<UnitMoveRow>();
    public DbSet<ReservationRow> Reservations => Set<ReservationRow>();
    public DbSet<ShipmentRow> Shipments => Set<ShipmentRow>();
    public DbSet<ReturnRow> Returns => Set<ReturnRow>();
    public DbSet<CarrierRow> Carriers => Set<CarrierRow>();
    public DbSet<CatalogueRow> Catalogues => Set<CatalogueRow>();
    public DbSet<HandOverRow> HandOvers => Set<HandOverRow>();
    public DbSet<LossRow> Losses => Set<LossRow>();
    public DbSet<RepairRow> Repairs => Set<RepairRow>();
    public DbSet<StockLevelRow> StockLevels => Set<StockLevelRow>();
    public DbSet<StockOrderRow> StockOrders => Set<StockOrderRow>();
    public DbSet<StockPlanRow> StockPlans => Set<StockPlanRow>();
    public DbSet<TechnicianRow> Technicians => Set<TechnicianRow>();
    public DbSet<PartnerRow> Partners => Set<PartnerRow>();
    public DbSet<TeamRow> Teams => Set<TeamRow>();
    public DbSet<EventRow> Events => Set<EventRow>();
    public DbSet<AgreementRow> Agreements => Set<AgreementRow>();
    public DbSet<MysteryRow> Mystery => Set<MysteryRow>();

    public DbSet<RecipientRow> Recipients => Set<RecipientRow>();
    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();
    public DbSet<TipCampaignRow> TipCampaigns => Set<TipCampaignRow>();
    public DbSet<TipSentRow> TipsSent => Set<TipSentRow>();
    public DbSet<TipOptOutRow> TipOptOuts => Set<TipOptOutRow>();
    public DbSet<PromiseRow> Promises => Set<PromiseRow>();
    public DbSet<RatingRow> Ratings => Set<RatingRow>();
    public DbSet<QuestionnaireRow> Questionnaires => Set<QuestionnaireRow>();
    public DbSet<SurveyResponseRow> SurveyResponses => Set<SurveyResponseRow>();
    public DbSet<DivergenceRow> Divergences => Set<DivergenceRow>();
    public DbSet<ComplaintRow> Complaints => Set<ComplaintRow>();
    public DbSet<InquiryRow> Inquiries => Set<InquiryRow>();
    public DbSet<OfferRow> Offers => Set<OfferRow>();
    public DbSet<ComplaintStepRow> ComplaintSteps => Set<ComplaintStepRow>();
    public DbSet<RequestRow> Requests => Set<RequestRow>();
    public DbSet<ComplimentRow> Compliments => Set<ComplimentRow>();
    public DbSet<MessageRow> Messages => Set<MessageRow>();
    public DbSet<ReplyRow> Replies => Set<ReplyRow>();
    public DbSet<DocumentRow> Documents => Set<DocumentRow>();
    public DbSet<ContractRow> Contracts => Set<ContractRow>();
    public DbSet<QuoteRow> Quotes => Set<QuoteRow>();
    public DbSet<InvoiceRow> Invoices => Set<InvoiceRow>();

    public DbSet<CarePlanRow> CarePlans => Set<CarePlanRow>();
    public DbSet<ChecklistRow> Checklists => Set<ChecklistRow>();
    public DbSet<CareVisitRow> CareVisits => Set<CareVisitRow>();
    public DbSet<ContactRow> Contacts => Set<ContactRow>();
    public DbSet<QueuePolicyRow> QueuePolicies => Set<QueuePolicyRow>();
    public DbSet<ArticleRow> Articles => Set<ArticleRow>();
    public DbSet<ArticleCaseRow> ArticleCases => Set<ArticleCaseRow>();
    public DbSet<FollowedArticleRow> FollowedArticles => Set<FollowedArticleRow>();
    public DbSet<ReleaseRow> Releases => Set<ReleaseRow>();
    public DbSet<GuidedStepRow> GuidedSteps => Set<GuidedStepRow>();
    public DbSet<SessionRow> Sessions => Set<SessionRow>();
    public DbSet<SessionEntryRow> SessionEntries => Set<SessionEntryRow>();
    public DbSet<SessionCommandRow> SessionCommands => Set<SessionCommandRow>();
    public DbSet<SessionLinkRow> SessionLinks => Set<SessionLinkRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        conventions.Properties<Enum>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<FollowerRow>().ToTable("desk_follower").HasKey(r => r.Name);
        model.Entity<SettingRow>().ToTable("desk_settings").HasKey(r => r.Name);
        RemedyTables(model);
        TicketTables(model);
        model.Entity<AgreementRow>().ToTable("desk_agreements").HasKey(r => new { r.Tenant, r.Version });
        PartTables.Add(model);
        StockTables(model);
        NotificationTables(model);
        CareTables.Add(model);
        CustomerTables.Add(model);
        CorrespondenceTables.Add(model);
        CommerceTables.Add(model);
        KnowledgeTables.Add(model);
        SessionTables.Add(model);

        model.Entity<TechnicianRow>(t =>
        {
            t.ToTable("desk_technicians").HasKey(r => new { r.Tenant, r.Id });
            t.Json(r => r.Skills);
            t.Json(r => r.Profile);
        });
        model.Entity<PartnerRow>(p =>
        {
            p.ToTable("desk_partners").HasKey(r => new { r.Tenant, r.Id });
            p.Json(r => r.Cities);
        });
        model.Entity<TeamRow>(t =>
        {
            t.ToTable("desk_teams").HasKey(r => new { r.Tenant, r.Id });
            t.Property(r => r.Version).IsConcurrencyToken();
            t.HasIndex(r => r.DueAt);
            t.Json(r => r.Team);
        });
        model.Entity<EventRow>(e =>
        {
            e.ToTable("desk_events").HasKey(r => r.Id);
            e.HasIndex(r => r.Key).IsUnique();
            e.HasIndex(r => new { r.Tenant, r.At });
            // Two processes that link at once: one of them is refused and links again. Events from before there was a chain are numbered at the start.
            e.HasIndex(r => new { r.Tenant, r.Number }).IsUnique().HasFilter("\"Number\" > 0");
        });
        model.Entity<MysteryRow>(m =>
        {
            m.ToTable("desk_mystery").HasKey(r => r.Number);
            m.Property(r => r.Version).IsConcurrencyToken();
            m.HasIndex(r => r.Key).IsUnique();
            m.Json(r => r.Why);
        });
    }

    private static void RemedyTables(ModelBuilder model)
    {
        model.Entity<CaseRow>(c =>
        {
            c.ToTable("desk_cases").HasKey(r => r.AlarmId);
            c.Property(r => r.Version).IsConcurrencyToken();
            c.HasIndex(r => r.DueAt);
            c.HasIndex(r => new { r.Tenant, r.Device });
            c.Json(r => r.Diagnosis);
            c.Json(r => r.Title);
        });
        model.Entity<RemedyRunRow>(r =>
        {
            r.ToTable("desk_remedy_runs").HasKey(x => x.Id);
            r.HasIndex(x => new { x.AlarmId, x.Step }).IsUnique();
            r.HasIndex(x => new { x.Tenant, x.Device, x.StartedAt });
            r.Property(x => x.Version).IsConcurrencyToken();
            r.Json(x => x.Title);
        });
    }

    private static void TicketTables(ModelBuilder model)
    {
        model.Entity<TicketRow>(t =>
        {
            t.ToTable("desk_tickets").HasKey(r => r.Number);
            t.Property(r => r.Version).IsConcurrencyToken();
            t.HasIndex(r => new { r.Tenant, r.Key }).IsUnique();
            t.HasIndex(r => r.Sequence).IsUnique();
            t.HasIndex(r => r.TrackingCode).IsUnique();
            t.HasIndex(r => r.DueAt);
            t.HasIndex(r => new { r.Tenant, r.Status });
            t.HasIndex(r => new { r.Tenant, r.Device });
            t.HasIndex(r => new { r.Tenant, r.Customer });
            t.Json(r => r.Title);
            t.Json(r => r.Causes);
            t.Json(r => r.Named);
            t.Property(r => r.Named).HasDefaultValueSql("'[]'");
            t.Json(r => r.Signature);
            t.Json(r => r.Alarms);
            t.Json(r => r.Pauses);
            t.Json(r => r.Visit);
            t.Json(r => r.Closure);
            t.Json(r => r.Grading);
        });
        model.Entity<TimelineRow>(t =>
        {
            t.ToTable("desk_timeline").HasKey(r => r.Id);
            t.HasIndex(r => r.Ticket);
            t.Json(r => r.Text);
            t.Json(r => r.Place);
            t.Json(r => r.Proof);
        });
        model.Entity<PromiseRow>(p =>
        {
            p.ToTable("desk_promises").HasKey(r => new { r.Ticket, r.Revision });
            p.HasIndex(r => new { r.Tenant, r.RepairedAt });
            p.Json(r => r.Legs);
        });
        model.Entity<PartLineRow>(l =>
        {
            l.ToTable("desk_part_lines").HasKey(r => new { r.Ticket, r.Sku });
            l.Json(r => r.Title);
        });
    }

    private static void StockTables(ModelBuilder model)
    {
        model.Entity<StockLevelRow>().ToTable("desk_stock_levels").HasKey(r => new { r.Tenant, r.Sku, r.Depot });
        model.Entity<StockOrderRow>(o =>
        {
            o.ToTable("desk_stock_orders").HasKey(r => r.Id);
            o.HasIndex(r => new { r.Tenant, r.Depot, r.Sku, r.Ordinal }).IsUnique();
            o.HasIndex(r => new { r.Tenant, r.Sku, r.State });
            o.HasIndex(r => r.DueAt);
            o.HasIndex(r => r.OverdueAt);
            o.Property(r => r.Version).IsConcurrencyToken();
        });
        model.Entity<StockPlanRow>(p =>
        {
            p.ToTable("desk_stock_plans").HasKey(r => r.Number);
            p.HasIndex(r => new { r.Tenant, r.Number });
            p.Json(r => r.Lines);
        });
    }

    private static void NotificationTables(ModelBuilder model)
    {
        model.Entity<RecipientRow>(r =>
        {
            r.ToTable("desk_recipients").HasKey(x => new { x.Tenant, x.Id });
            r.Property(x => x.Version).IsConcurrencyToken();
            r.Ignore(x => x.ZoneInfo);
            r.Json(x => x.Milestones);
            r.Json(x => x.Sites);
        });
        model.Entity<OutboxRow>(o =>
        {
            o.ToTable("desk_outbox").HasKey(r => r.Number);
            o.Property(r => r.Version).IsConcurrencyToken();
            o.HasIndex(r => r.Key).IsUnique();
            o.Property(r => r.Id).IsRequired();   // a name like a key, and none
            o.HasIndex(r => r.Id).IsUnique();
            o.HasIndex(r => r.DueAt);
            o.HasIndex(r => new { r.Tenant, r.Ticket });
            o.Json(r => r.Facts);
        });
    }
}
