using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Customers.Figures;
using Seamless.ServiceDesk.Customers.Questionnaires;
using Seamless.ServiceDesk.Customers.Ratings;
using Seamless.ServiceDesk.Customers.Requests;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Customers;

internal static class CustomerTables
{
    public static void Add(ModelBuilder model)
    {
        Surveys(model);
        ComplaintTables(model);
        model.Entity<RequestRow>(r =>
        {
            r.ToTable("desk_requests").HasKey(x => x.Number);
            r.Property(x => x.Version).IsConcurrencyToken();
            r.HasIndex(x => x.Key).IsUnique();
            r.HasIndex(x => x.Sequence).IsUnique();
            r.HasIndex(x => x.DueAt);
            r.HasIndex(x => new { x.Tenant, x.Ticket });
        });
        model.Entity<ComplimentRow>(c =>
        {
            c.ToTable("desk_compliments").HasKey(r => r.Id);
            c.HasIndex(r => r.Key).IsUnique();
            c.HasIndex(r => new { r.Tenant, r.At });
        });
    }

    private static void Surveys(ModelBuilder model)
    {
        model.Entity<RatingRow>(r =>
        {
            r.ToTable("desk_ratings").HasKey(x => x.Ticket);
            r.Property(x => x.Version).IsConcurrencyToken();
            r.HasIndex(x => new { x.Tenant, x.At });
            r.HasIndex(x => new { x.Tenant, x.Customer, x.At });
            r.Ignore(x => x.Answers);
        });
        model.Entity<QuestionnaireRow>(q =>
        {
            q.ToTable("desk_questionnaires").HasKey(r => new { r.Tenant, r.Id, r.Version });
            q.Json(r => r.Title);
            q.Json(r => r.Items);
        });
        model.Entity<SurveyResponseRow>(s =>
        {
            s.ToTable("desk_survey_responses").HasKey(r => new { r.Tenant, r.Questionnaire, r.Version, r.Respondent });
            s.Json(r => r.Answers);
        });
        model.Entity<DivergenceRow>(d =>
        {
            d.ToTable("desk_divergences").HasKey(r => new { r.Tenant, r.Customer, r.Period });
            d.Json(r => r.Reasons);
        });
    }

    private static void ComplaintTables(ModelBuilder model)
    {
        model.Entity<ComplaintRow>(c =>
        {
            c.ToTable("desk_complaints").HasKey(r => r.Number);
            c.Property(r => r.Version).IsConcurrencyToken();
            c.HasIndex(r => r.Key).IsUnique();
            c.HasIndex(r => r.Sequence).IsUnique();
            c.HasIndex(r => r.DueAt);
            c.HasIndex(r => new { r.Tenant, r.Status });
            c.HasIndex(r => new { r.Tenant, r.Ticket });
        });
        model.Entity<InquiryRow>().ToTable("desk_inquiries").HasKey(r => new { r.Complaint, r.Number });
        model.Entity<OfferRow>(o =>
        {
            o.ToTable("desk_offers").HasKey(r => new { r.Complaint, r.Number });
            o.Json(r => r.Alternatives);
        });
        model.Entity<ComplaintStepRow>(s =>
        {
            s.ToTable("desk_complaint_steps").HasKey(r => r.Id);
            s.HasIndex(r => r.Complaint);
            s.Json(r => r.Text);
        });
    }
}
