using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.Fleet.Database.Migrations
{
    /// <inheritdoc />
    public partial class TokenLookup : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "Lookup",
                table: "fleet_credentials",
                type: "BLOB",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_fleet_credentials_Lookup",
                table: "fleet_credentials",
                column: "Lookup");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_fleet_credentials_Lookup",
                table: "fleet_credentials");

            migrationBuilder.DropColumn(
                name: "Lookup",
                table: "fleet_credentials");
        }
    }
}
